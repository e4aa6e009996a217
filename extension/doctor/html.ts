/**
 * The page around the report: it loads one script and one style sheet of ours, and nothing from anywhere else.
 * @param source where the editor serves our files from, for the policy
 * @param nonce of this page
 */
export function doctorHtml(files: {
  readonly script: string;
  readonly style: string;
  readonly source: string;
  readonly nonce: string;
}): string {
  const { script, style, source, nonce } = files;
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CCS Doctor</title>
<link rel="stylesheet" href="${style}">
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
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
