/// The page around a comparison; everything variable comes in as escaped text or as data.
enum ComparisonPage {
  static let flames = #"""
    <section id="flames"><h2>Differential flame graph</h2>
    <p class="soft">Red costs more than in the base, blue less, gray no more than samples differ by
    chance. The root is at the bottom; click to zoom, Escape to go back.</p>
    <div class="tools"><label>Profile <select id="which"></select></label>
    <span role="group" aria-label="Width of the frames"><button type="button" id="asNew"
    aria-pressed="true">Width: new</button><button type="button" id="asBase"
    aria-pressed="false">Width: base</button></span>
    <input id="find" type="search" placeholder="Search names (/)" aria-label="Search">
    <button type="button" id="reset">Reset</button><span id="found" class="soft"></span></div>
    <p class="key"><i class="less"></i>less <i class="even"></i>by chance <i class="more"></i>more</p>
    <div id="graph"></div><p id="detail" class="soft"></p></section>
    """#

  static let html = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-vbench'; style-src 'unsafe-inline'">
    <title>{{title}}</title>
    <style>
    :root { color-scheme: light dark; --ground: #fbfaf8; --ink: #1d1d1f; --soft: #65656c; --line: #e3e0da;
      --card: #fff; --good: #1c6b3a; --bad: #a3271f; --more: #e0453a; --less: #3b7dd8; --even: #d9d7d2; }
    @media (prefers-color-scheme: dark) { :root { --ground: #16171a; --ink: #ececf0; --soft: #a2a2ac;
      --line: #2c2e34; --card: #1d1f23; --good: #6cc48d; --bad: #f08a80; --more: #c8463c;
      --less: #3f74bd; --even: #3a3c42; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1500px; padding: 20px clamp(12px, 3vw, 40px) 60px;
      background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
    h1 { font-size: 20px; margin: 0 0 8px; overflow-wrap: anywhere; } h2 { font-size: 16px; margin: 28px 0 8px; }
    .verdict { font-size: 17px; font-weight: 600; margin: 0 0 6px; overflow-wrap: anywhere; }
    .good { color: var(--good); } .bad, .refused { color: var(--bad); } .soft, small { color: var(--soft); }
    .gate { margin: 0 0 8px; font-weight: 600; overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 10px 0; }
    dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
    ul { padding-left: 20px; margin: 6px 0; } li { overflow-wrap: anywhere; }
    .wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
    table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
    th, td { padding: 5px 10px; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
    thead th { border-top: 0; color: var(--soft); font-weight: 500; }
    th:first-child { text-align: left; font-weight: 500; }
    tbody th { white-space: normal; overflow-wrap: anywhere; min-width: 220px; }
    th small { display: block; font-weight: 400; } .word { font-weight: 600; }
    tr.better .word { color: var(--good); } tr.worse .word { color: var(--bad); }
    tr.quiet .word { color: var(--soft); font-weight: 400; }
    .tools { display: flex; gap: 8px 12px; flex-wrap: wrap; align-items: center; margin: 8px 0; }
    input, button, select { font: inherit; color: inherit; background: var(--card); padding: 4px 10px;
      border: 1px solid var(--line); border-radius: 6px; }
    button[aria-pressed="true"] { border-color: var(--ink); font-weight: 600; }
    .key i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin: 0 4px 0 8px; }
    .key .less { background: var(--less); } .key .even { background: var(--even); } .key .more { background: var(--more); }
    #graph { position: relative; min-height: 20px; }
    .f { position: absolute; height: 19px; overflow: hidden; cursor: pointer; border: 0; padding: 0; min-width: 0;
      border-right: 1px solid var(--ground); border-radius: 2px; text-indent: 4px; text-align: left;
      white-space: nowrap; text-overflow: ellipsis; color: var(--ink);
      font: 11px/18px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
    .f:focus-visible { outline: 2px solid var(--ink); z-index: 1; } .miss { opacity: .3; } .above { opacity: .6; }
    #detail { min-height: 3em; overflow-wrap: anywhere; }
    </style>
    </head>
    <body>
    <h1>{{title}}</h1>
    {{verdict}}
    {{sides}}
    {{tables}}
    {{flames}}
    <section><h2>Notes and method</h2><ul class="soft">{{notes}}</ul></section>
    <script type="application/json" id="data">{{data}}</script>
    <script nonce="vbench">
    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const graph = document.getElementById("graph");
    if (graph) {
      const $ = id => document.getElementById(id), rowHeight = 20;
      const which = $("which"), find = $("find"), detail = $("detail");
      let side = "new", zoom = null, wanted = null;
      data.graphs.forEach((g, index) => which.add(new Option(data.names[g.title], index)));
      const layout = () => data.graphs[+which.value][side];
      const describe = f => data.names[f[3]] + (f[4] !== undefined && data.names[f[4]] ? " [" + data.names[f[4]] + "]" : "")
        + "  base " + data.names[f[5]] + ", new " + data.names[f[6]] + " (" + data.names[f[7]] + ")";
      const color = f => f[8] === 0 ? "var(--even)" : "color-mix(in srgb, var(--" + (f[8] > 0 ? "more" : "less") + ") "
        + (25 + 0.75 * Math.abs(f[8])) + "%, var(--even))";
      function rest(l) {
        detail.textContent = "The whole is " + data.names[l.total] + " on this side; frames too narrow to draw are "
          + data.names[l.left] + " of it.";
      }
      function draw() {
        const l = layout();
        if (!l.frames.length) { graph.replaceChildren("Nothing was seen on this side."); return; }
        const z = zoom === null ? l.frames[0] : l.frames[zoom], width = graph.clientWidth;
        const pieces = document.createDocumentFragment();
        graph.style.height = l.rows * rowHeight + "px";
        let sum = 0; const covered = [];
        l.frames.forEach((f, index) => {
          const isHit = wanted && wanted.test(data.names[f[3]]);
          if (isHit && !covered.some(c => c[2] < f[2] && c[0] <= f[0] + 1e-9 && c[0] + c[1] >= f[0] + f[1] - 1e-9)) {
            covered.push(f); sum += f[1]; }
          const isAbove = f[2] < z[2];
          if (isAbove ? f[0] > z[0] + 1e-9 || f[0] + f[1] < z[0] + z[1] - 1e-9
                      : f[0] < z[0] - 1e-9 || f[0] + f[1] > z[0] + z[1] + 1e-9) return;
          const left = isAbove ? 0 : (f[0] - z[0]) / z[1], share = isAbove ? 1 : f[1] / z[1];
          if (share * width < 0.6) return;
          const box = document.createElement("button");
          box.type = "button";
          box.className = "f" + (isAbove ? " above" : "") + (wanted && !isHit ? " miss" : "");
          box.style.left = left * width + "px"; box.style.width = Math.max(1, share * width) + "px";
          box.style.top = (l.rows - 1 - f[2]) * rowHeight + "px"; box.style.background = color(f);
          if (share * width > 26) box.textContent = data.names[f[3]];
          box.title = describe(f); box.dataset.index = index;
          pieces.appendChild(box);
        });
        graph.replaceChildren(pieces);
        $("found").textContent = wanted ? "matches " + (sum * 100).toFixed(1) + " %" : "";
      }
      function show(name) {
        side = name; zoom = null;
        $("asNew").setAttribute("aria-pressed", name === "new");
        $("asBase").setAttribute("aria-pressed", name === "base");
        rest(layout()); draw();
      }
      function search() {
        const text = find.value;
        try { wanted = text ? new RegExp(text, "i") : null; } catch (e) {
          wanted = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i"); }
        draw();
      }
      graph.addEventListener("click", e => {
        const index = e.target.dataset.index; if (index !== undefined) { zoom = +index; draw(); } });
      for (const kind of ["mouseover", "focusin"]) graph.addEventListener(kind, e => {
        const index = e.target.dataset.index;
        if (index !== undefined) detail.textContent = describe(layout().frames[index]); });
      which.addEventListener("change", () => show(side));
      $("asNew").addEventListener("click", () => show("new"));
      $("asBase").addEventListener("click", () => show("base"));
      $("reset").addEventListener("click", () => { zoom = null; draw(); });
      find.addEventListener("input", search);
      addEventListener("keydown", e => {
        if (e.key === "/" && document.activeElement !== find) { find.focus(); e.preventDefault(); }
        if (e.key === "Escape") { if (find.value) { find.value = ""; search(); } else { zoom = null; draw(); } } });
      addEventListener("resize", draw);
      show("new");
    }
    </script>
    </body>
    </html>

    """#
}
