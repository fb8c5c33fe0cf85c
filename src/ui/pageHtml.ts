/** The HTML of a panel before its script fills it: what it may load, and nothing of a server. Pure. */

interface PageParts {
  /** Where the page's own files may come from, as the editor says. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
  /** Random, and new for each page. */
  readonly nonce: string;
  /** Its script may show pictures that it was given as `data:`; none is ever loaded. */
  readonly pictures?: true;
}

/** HTML that loads our style and our one script, and lets nothing else load or run (SEC5). */
export function pageHtml({ source, script, style, nonce, pictures }: PageParts): string {
  const images = pictures === true ? '; img-src data:' : '';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'${images}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title></title>
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
