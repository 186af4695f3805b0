/// The page around a flame graph.
///
/// Everything variable comes in as escaped text or as data. Frames have no padding: it would be a
/// least width, and a frame of one sample would look like ten.
enum FlameGraphPage {
  static let html = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-vbench'; style-src 'unsafe-inline'">
    <title>{{title}}</title>
    <style>
    :root { --ground: #fbfaf8; --ink: #1d1d1f; --soft: #6a6a70; --line: #e3e0da; --edge: #fff;
      --engine: #f2a35e; --kernel: #8fb4da; --runtime: #93cfa6; --library: #c4aee0; --label: #d3d6dc; }
    @media (prefers-color-scheme: dark) { :root { --ground: #16171a; --ink: #ececf0; --soft: #9a9aa4;
      --line: #2c2e34; --edge: #16171a; --engine: #c9762f; --kernel: #44719f; --runtime: #3f8a57;
      --library: #755a9c; --label: #474b54; } }
    body { margin: 0; background: var(--ground); color: var(--ink);
      font: 14px/1.45 system-ui, sans-serif; }
    header { padding: 14px 16px 10px; border-bottom: 1px solid var(--line); position: sticky; top: 0;
      background: var(--ground); z-index: 2; }
    h1 { font-size: 17px; margin: 0 0 2px; } p { margin: 0; color: var(--soft); }
    .tools { display: flex; gap: 10px; align-items: center; margin-top: 10px; flex-wrap: wrap; }
    input, button { font: inherit; color: inherit; background: transparent; padding: 4px 10px;
      border: 1px solid var(--line); border-radius: 6px; } input { min-width: 220px; }
    .key { color: var(--soft); margin-right: 12px; white-space: nowrap; }
    .key i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 5px; }
    .k-engine { background: var(--engine); } .k-kernel { background: var(--kernel); }
    .k-runtime { background: var(--runtime); } .k-library { background: var(--library); }
    .k-label { background: var(--label); }
    #graph { position: relative; margin: 12px 16px; }
    .f { position: absolute; height: 19px; overflow: hidden; box-sizing: border-box; cursor: pointer;
      border: 0; border-right: 1px solid var(--edge); border-bottom: 1px solid var(--edge);
      border-radius: 2px; padding: 0; min-width: 0; text-indent: 4px; text-align: left; white-space: nowrap; color: inherit;
      text-overflow: ellipsis; font: 11px/18px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
    .f:focus-visible { outline: 2px solid var(--ink); z-index: 1; }
    .above { opacity: .55; } .miss { filter: grayscale(1); opacity: .35; }
    #detail { min-height: 1.5em; padding: 0 16px 24px; color: var(--soft);
      font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 12px; overflow-wrap: anywhere; }
    </style>
    </head>
    <body>
    <header>
    <h1>{{title}}</h1>
    <p>{{subtitle}}</p>
    <div class="tools"><input id="find" type="search" placeholder="Search names (/)" aria-label="Search">
    <button id="reset" type="button">Reset zoom (Esc)</button><span id="found" class="key"></span></div>
    <p style="margin-top:8px">{{legend}}</p>
    </header>
    <div id="graph" role="tree"></div>
    <div id="detail">Point at a frame. Click zooms in. {{note}}</div>
    <script type="application/json" id="data">{{data}}</script>
    <script nonce="vbench">
    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const graph = document.getElementById("graph"), detail = document.getElementById("detail");
    const find = document.getElementById("find"), found = document.getElementById("found");
    const kinds = ["engine", "kernel", "runtime", "library", "label"], rowHeight = 20;
    let zoom = 0, wanted = null;
    function describe(f) {
      const own = data.names[f[7]], library = data.names[f[4]];
      return data.names[f[3]] + (library ? " [" + library + "]" : "") + "  " + data.names[f[6]] +
        ", " + (f[1] * 100).toPrecision(3) + " %" + (own !== "0" ? ", itself " + own : "");
    }
    function draw() {
      const z = data.frames[zoom], width = graph.clientWidth, pieces = document.createDocumentFragment();
      let hits = 0, reached = -1;
      graph.style.height = data.rows * rowHeight + "px";
      data.frames.forEach((f, index) => {
        const isAbove = f[2] < z[2];
        if (isAbove ? f[0] > z[0] + 1e-9 || f[0] + f[1] < z[0] + z[1] - 1e-9
                    : f[0] < z[0] - 1e-9 || f[0] + f[1] > z[0] + z[1] + 1e-9) return;
        const left = isAbove ? 0 : (f[0] - z[0]) / z[1], share = isAbove ? 1 : f[1] / z[1];
        const isHit = wanted && wanted.test(data.names[f[3]]);
        if (isHit && f[0] >= reached - 1e-9) { hits += f[1]; reached = f[0] + f[1]; }
        if (share * width < 0.6) return;
        const box = document.createElement("button");
        box.className = "f" + (isAbove ? " above" : "") + (wanted && !isHit ? " miss" : "");
        box.style.left = left * width + "px"; box.style.width = Math.max(1, share * width) + "px";
        box.style.top = (data.rows - 1 - f[2]) * rowHeight + "px";
        box.style.background = "var(--" + kinds[f[5]] + ")";
        if (share * width > 26) box.textContent = data.names[f[3]];
        box.title = describe(f); box.dataset.index = index; box.type = "button";
        pieces.appendChild(box);
      });
      graph.replaceChildren(pieces);
      found.textContent = wanted ? matched() : "";
    }
    function matched() {
      let sum = 0; const covered = [];
      data.frames.forEach(f => {
        if (!wanted.test(data.names[f[3]])) return;
        if (covered.some(c => c[2] < f[2] && c[0] <= f[0] + 1e-9 && c[0] + c[1] >= f[0] + f[1] - 1e-9)) return;
        covered.push(f); sum += f[1];
      });
      return "matches " + (sum * 100).toFixed(1) + " %";
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
      if (index !== undefined) detail.textContent = describe(data.frames[index]); });
    find.addEventListener("input", search);
    document.getElementById("reset").addEventListener("click", () => { zoom = 0; draw(); });
    addEventListener("keydown", e => {
      if (e.key === "/" && document.activeElement !== find) { find.focus(); e.preventDefault(); }
      if (e.key === "Escape") { if (find.value) { find.value = ""; search(); } else { zoom = 0; draw(); } } });
    addEventListener("resize", draw);
    draw();
    </script>
    </body>
    </html>

    """#
}
