/**
 * The page around the report. It holds its script and its style, and asks for nothing.
 * @param nonce of this page
 */
export function doctorHtml({ script, style, nonce }: { readonly script: string; readonly style: string; readonly nonce: string }): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CCS Doctor</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<header>
<h1>CCS Doctor</h1>
<p id="summary" role="status">Looking ...</p>
<div class="buttons">
<button id="fix-all" hidden>Fix all that is safe</button>
<button id="refresh" class="quiet">Look again</button>
<button id="copy" class="quiet">Copy report</button>
</div>
</header>
<main id="report"></main>
<script nonce="${nonce}">${script.replaceAll("</", "<\\/")}</script>
</body>
</html>
`;
}
