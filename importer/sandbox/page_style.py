"""How the page looks, and how it keeps itself up to date; all of it stands inside the page."""

STYLE = """
:root { color-scheme: light dark;
  --ground: #f5f6f8; --card: #fff; --line: #e4e7ec; --text: #1b2430; --soft: #667085; --chip: #f1f3f6;
  --accent: #3452d6; --bar: #c9d3fb; --good: #117a4a; --good-ground: #e3f5ec; --bad: #b3261e; --bad-ground: #fdeceb;
  --wait: #935a00; --wait-ground: #fdf1dc; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #12161c; --card: #1b212a; --line: #2b333f; --text: #e8ecf2; --soft: #98a2b3; --chip: #262e39;
  --accent: #8ea3ff; --bar: #34427d; --good: #6cd8a3; --good-ground: #163527; --bad: #ff9c94; --bad-ground: #43201e;
  --wait: #f4c26b; --wait-ground: #3e2f14; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 56px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; margin-bottom: 22px; }
h1 { font-size: 22px; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 15px; margin: 0; }
header p { margin: 0; color: var(--soft); }
code, .id { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-bottom: 20px; }
.tile, section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tile { padding: 14px 16px; }
.tile b { display: block; font-size: 28px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; }
.tile.alarm b { color: var(--bad); }
section { margin-bottom: 20px; overflow: hidden; }
.head { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; padding: 14px 16px 10px; }
.head span { color: var(--soft); font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-size: 12px; font-weight: 600; color: var(--soft); padding: 6px 12px; white-space: nowrap; }
td { padding: 9px 12px; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th:first-child, td:first-child { padding-left: 16px; }
th:last-child, td:last-child { padding-right: 16px; }
td.when, td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.number, th.number { text-align: right; }
small { display: block; color: var(--soft); font-size: 12.5px; }
.lead { min-width: 150px; }
.kind { min-width: 122px; }
.note { min-width: 200px; white-space: pre-wrap; }
.fields { display: flex; flex-wrap: wrap; gap: 5px; min-width: 300px; }
.fields span { background: var(--chip); border-radius: 6px; padding: 1px 8px; font-size: 13px; }
.fields i { font-style: normal; color: var(--soft); margin-right: 5px; }
.badge { border-radius: 999px; padding: 1px 9px; font-size: 12.5px; font-weight: 600; white-space: nowrap; }
.good { color: var(--good); background: var(--good-ground); }
.bad { color: var(--bad); background: var(--bad-ground); }
.wait { color: var(--wait); background: var(--wait-ground); }
.types { padding: 2px 16px 16px; display: grid; gap: 8px; }
.type { display: grid; grid-template-columns: minmax(140px, 240px) 1fr 70px; gap: 12px; align-items: center; }
.type div { background: var(--chip); border-radius: 6px; }
.type div span { display: block; height: 12px; border-radius: 6px; background: var(--accent); min-width: 3px; }
.type b { text-align: right; font-variant-numeric: tabular-nums; }
.empty { padding: 6px 16px 20px; color: var(--soft); }
.settings { display: flex; flex-wrap: wrap; gap: 6px 18px; padding: 2px 16px 16px; }
.settings { color: var(--soft); font-size: 13px; }
.settings b { color: var(--text); font-weight: 600; }
@media (max-width: 640px) {
  main { padding: 18px 12px 40px; }
  thead { display: none; }
  table, tbody, tr { display: block; }
  tr { border-top: 1px solid var(--line); padding: 8px 16px; }
  td, td:first-child, td:last-child, td.number { display: block; position: relative; padding: 2px 0 2px 76px; }
  td, td.number { border: 0; text-align: left; }
  td::before { content: attr(data-name); position: absolute; left: 0; color: var(--soft); font-size: 12.5px;
    line-height: 1.8; white-space: nowrap; }
  td:empty { display: none; }
  small { display: inline; margin-left: 6px; }
  .tile small, .type small { display: block; margin-left: 0; }
  .lead, .kind, .note, .fields { min-width: 0; }
  .type { grid-template-columns: minmax(96px, 150px) 1fr auto; } }
"""

# Fetches the page again and swaps its contents, so that nothing flickers; waits while text is selected.
SCRIPT = """
setInterval(async () => {
  if (document.hidden || String(getSelection())) return;
  try {
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    document.querySelector("main").replaceWith(document.adoptNode(fresh.querySelector("main")));
  } catch (stopped) { document.title = "stopped - LeadSquared sandbox"; }
}, 2000);
"""
