/** The look of the audit page. Colours have a contrast of at least 4.5 to 1 in light and in dark; nothing is told by colour alone. */
export const AUDIT_STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5a6675; --paper: #ffffff; --panel: #f4f6f8; --line: #d8dee6;
  --billed: #1f7a4d; --covered: #3b6fb6; --gap: #b3372f; --not-shown: #8a93a0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecf1; --soft: #a4afbd; --paper: #14191f; --panel: #1d242c; --line: #35404c;
    --billed: #58c08a; --covered: #7fb0ef; --gap: #f08a82; --not-shown: #8a93a0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2, caption { font-size: 1.15rem; font-weight: 600; margin: 0 0 0.5rem; }
.sub, footer, small, .more { color: var(--soft); }
.sub { margin: 0.25rem 0 0; }
section { margin: 2.25rem 0 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.75rem; margin: 2rem 0 0; }
.figures div { display: flex; flex-direction: column-reverse; background: var(--panel); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.9rem 1rem; }
.figures dd { margin: 0; font-size: 1.65rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.25; }
.figures dt { color: var(--soft); }
.figures .good dd { color: var(--billed); }
.figures .bad dd { color: var(--gap); }
.bar { display: flex; gap: 2px; height: 1.1rem; border-radius: 0.3rem; overflow: hidden; }
.bar span { min-width: 3px; }
.billed { background: var(--billed); } .covered { background: var(--covered); }
.gap { background: var(--gap); } .not-shown { background: var(--not-shown); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.35rem 1.5rem; padding: 0; margin: 0.75rem 0 0; }
.key { display: inline-block; width: 0.8rem; height: 0.8rem; border-radius: 0.2rem; margin-right: 0.5rem; }
.cannot { background: var(--panel); border: 1px solid var(--line); border-left: 4px solid var(--not-shown); border-radius: 0.5rem; padding: 1rem 1.25rem; }
.cannot ul { margin: 0; padding-left: 1.2rem; }
.cannot li + li { margin-top: 0.35rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--covered); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
caption { text-align: left; }
th, td { padding: 0.45rem 0.75rem 0.45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; text-align: left; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; border-bottom-width: 2px; }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); font-size: 0.9rem; }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --panel: #fff; --line: #bbb; --billed: #1f7a4d; --covered: #3b6fb6; --gap: #b3372f; }
  main { max-width: none; padding: 0; }
  body { font-size: 10.5pt; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  tr, .figures div, .cannot { break-inside: avoid; }
  .bar, .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 16mm; }
}
`;
