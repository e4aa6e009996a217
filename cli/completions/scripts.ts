/** The shells there is a script for. */
export const COMPLETED = ["bash", "zsh", "fish", "powershell"] as const;
export type Completed = (typeof COMPLETED)[number];

/**
 * What each script calls at the Tab key: `ccs completions --complete =<the cursor's word> <the words before it>`. The
 * sign keeps an empty word an argument in every shell. It answers with lines of a word, a tab and its meaning; a line
 * that begins with `:` says what the shell is to complete itself.
 */
export const COMPLETE = "--complete";

const BASH = `# Completions of ccs for bash. Put them to use with: source <(ccs completions bash)
_ccs() {
  local line word current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  [[ $current == "=" ]] && current=
  # What is not completed here is no file name either, unless ccs says so.
  compopt +o default +o bashdefault 2>/dev/null
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default -o bashdefault 2>/dev/null ;;
      :directories) compopt -o dirnames 2>/dev/null ;;
      *)
        word=\${line%%$'\\t'*}
        [[ $word == "$current"* ]] && COMPREPLY+=("$word")
        ;;
    esac
  done < <(command ccs completions ${COMPLETE} "=$current" "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}
complete -o default -o bashdefault -F _ccs ccs
`;

const ZSH = `#compdef ccs
# Completions of ccs for zsh. Put them to use with: source <(ccs completions zsh)
# or write them to a file _ccs in a directory of $fpath.
_ccs() {
  local line
  local -a before described
  before=("\${(@Q)words[2,CURRENT-1]}")
  for line in "\${(@f)$(command ccs completions ${COMPLETE} "=\${(Q)PREFIX}" "\${before[@]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files) _files ;;
      :directories) _files -/ ;;
      *) described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( \${#described} )) && _describe -t words ccs described
}
if [[ $funcstack[1] == _ccs ]]; then
  _ccs "$@"
else
  compdef _ccs ccs
fi
`;

const FISH = `# Completions of ccs for fish. Put them to use with: ccs completions fish | source
function __ccs_complete
    set -l before (commandline -opc)[2..-1]
    set -l current (commandline -ct)
    for line in (command ccs completions ${COMPLETE} "=$current" $before 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path $current
            case :directories
                __fish_complete_directories $current
            case '*'
                echo $line
        end
    end
end
complete -c ccs -f -a '(__ccs_complete)'
`;

const POWERSHELL = `# Completions of ccs for PowerShell. Put them to use with: ccs completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ccs -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    & (Get-Command ccs -CommandType Application | Select-Object -First 1) completions ${COMPLETE} "=$wordToComplete" @before 2>$null | ForEach-Object {
        if ($_ -eq ':files' -or $_ -eq ':directories') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
        } else {
            $word, $meaning = $_ -split "\`t", 2
            if ($word -like "$wordToComplete*") {
                if (-not $meaning) { $meaning = $word }
                [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
            }
        }
    }
}
`;

export const SCRIPTS: Readonly<Record<Completed, string>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL };
