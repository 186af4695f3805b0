/// The style sheet and the one script of a report's page; both are constants, so that the page's
/// security policy can name them by their hash.
enum ReportSheet {
  static let style =
    Palette.sheet
      + #"""
      * { box-sizing: border-box; }
      html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
      body { margin: 0; background: var(--ground); color: var(--ink);
        font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
      main, header, nav { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
      header { padding-top: 28px; }
      h1 { font-size: 26px; line-height: 1.25; margin: 0 0 6px; overflow-wrap: anywhere; }
      h2 { font-size: 20px; line-height: 1.3; margin: 40px 0 12px; padding-top: 14px;
        border-top: 1px solid var(--line); }
      h3 { font-size: 17px; line-height: 1.35; margin: 26px 0 8px; overflow-wrap: anywhere; }
      h4 { font-size: 16px; margin: 20px 0 6px; overflow-wrap: anywhere; }
      p { margin: 8px 0; max-width: 46em; overflow-wrap: anywhere; }
      ul, ol { margin: 8px 0; padding-left: 1.5em; max-width: 48em; }
      li { margin: 4px 0; overflow-wrap: anywhere; }
      ul.tasks { list-style: none; padding-left: 0.2em; }
      ul.tasks li::before { content: "\2610\00a0"; }
      code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
      code { font-size: 0.875em; background: var(--shade); color: var(--ink); border-radius: 4px;
        padding: 1px 4px; }
      pre { font-size: 13px; line-height: 1.5; background: var(--shade); color: var(--ink);
        border-radius: 8px; padding: 12px 14px; margin: 10px 0; overflow-x: auto; }
      a { color: var(--link); }
      nav details { display: inline-block; margin: 4px 0 0; }
      nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 0;
        margin: 4px 0 0; max-width: none; font-size: 14px; }
      nav a { display: inline-block; padding: 4px 0; }
      .skip { position: absolute; left: -999em; background: var(--card); padding: 8px 12px; }
      .skip:focus { left: 8px; top: 8px; z-index: 9; }
      .soft { color: var(--soft); font-size: 14px; }
      .verdict { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
        padding: 4px 20px 14px; margin-top: 18px; }
      .verdict h2 { border: 0; margin: 8px 0 4px; padding-top: 6px; }
      .verdict > ol { font-size: 17px; max-width: 46em; }
      .wide { overflow-x: auto; margin: 10px 0; border: 1px solid var(--line); border-radius: 8px;
        background: var(--card); }
      table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.45; }
      th, td { text-align: left; vertical-align: top; padding: 7px 12px; min-width: 5em;
        border-top: 1px solid var(--line); overflow-wrap: break-word; }
      thead th { border-top: 0; background: var(--shade); color: var(--ink); font-weight: 600;
        white-space: nowrap; }
      tbody th { font-weight: 400; }
      .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
      .bad { color: var(--bad); font-weight: 600; }
      .warn { color: var(--warn); font-weight: 600; }
      .good { color: var(--good); font-weight: 600; }
      details { margin: 8px 0; border: 1px solid var(--line); border-radius: 8px;
        background: var(--card); padding: 0 14px; }
      details[open] { padding-bottom: 8px; }
      summary { cursor: pointer; padding: 9px 0; overflow-wrap: anywhere; }
      summary:hover { color: var(--link); }
      :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
      figure { margin: 14px 0; }
      figcaption { font-weight: 600; font-size: 15px; margin-bottom: 6px; }
      .row { margin: 9px 0; }
      .row .head { display: flex; justify-content: space-between; gap: 12px; font-size: 14px;
        overflow-wrap: anywhere; }
      .row > svg { display: block; width: 100%; height: 20px; border-radius: 4px; }
      .keys { list-style: none; padding: 0; margin: 3px 0 0; display: flex; flex-wrap: wrap;
        gap: 0 14px; font-size: 13px; color: var(--soft); max-width: none; }
      .keys li { margin: 0; } .keys svg { width: 10px; height: 10px; margin-right: 5px; }
      .flame { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px;
        background: var(--card); }
      .flame svg { display: block; font: 11px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
      .flame g { cursor: pointer; } .flame text { fill: var(--onfill); pointer-events: none; }
      .flame rect { stroke: var(--card); stroke-width: 0.6; }
      .flame .on rect { stroke: var(--ink); stroke-width: 2; } .flame .off { opacity: 0.45; }
      .told { min-height: 3em; font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
      .work { fill: var(--work); } .kernel { fill: var(--kernel); } .runtime { fill: var(--runtime); }
      .label { fill: var(--label); } .unknown { fill: var(--unknown); } .core { fill: var(--core); }
      .lock { fill: var(--lock); } .disk { fill: var(--disk); } .wait { fill: var(--wait); }
      .rest { fill: var(--rest); }
      footer { max-width: 1080px; margin: 48px auto 32px; padding: 0 20px; }
      @media (max-width: 600px) {
        main, header, nav, footer { padding-left: 14px; padding-right: 14px; }
        h1 { font-size: 22px; } .verdict { padding: 2px 14px 10px; }
        .verdict > ol { font-size: 16px; } ol, ul { padding-left: 1.25em; }
        th, td { padding: 6px 9px; } details { padding: 0 10px; }
        nav ul { gap: 0 14px; } nav a { padding: 7px 0; } summary { padding: 12px 0; }
        .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .stack table, .stack tbody, .stack tr, .stack th, .stack td { display: block; width: auto; }
        .stack tr { border-top: 1px solid var(--line); padding: 6px 0; }
        .stack tr:first-child { border-top: 0; }
        .stack td, .stack th { border: 0; padding: 2px 12px; text-align: left; white-space: normal; }
        .stack tbody th { font-weight: 600; }
        .stack td::before { content: attr(data-h) ": "; color: var(--soft); }
      }
      @media print { nav, .told { display: none; } details > * { display: block; } }
      """#

  /// Zoom of the flame graphs; without it they are still pictures with tooltips.
  static let script = #"""
    "use strict";
    for (const box of document.querySelectorAll(".flame")) {
      const svg = box.querySelector("svg"), told = box.nextElementSibling;
      const width = svg.viewBox.baseVal.width;
      const frames = [...svg.querySelectorAll("g")].map(g => {
        const rect = g.querySelector("rect"), text = g.querySelector("text");
        return { g, rect, text, x: +rect.getAttribute("x"), w: +rect.getAttribute("width"),
          y: +rect.getAttribute("y"), name: g.querySelector("title").textContent };
      });
      let zoom = 0, at = 0;
      const inside = (f, o) => f.x >= o.x - 0.05 && f.x + f.w <= o.x + o.w + 0.05;
      function draw() {
        const z = frames[zoom];
        frames.forEach((f, index) => {
          const above = f.y < z.y && inside(z, f), below = f.y >= z.y && inside(f, z);
          f.g.style.display = above || below ? "" : "none";
          f.g.classList.toggle("off", above); f.g.classList.toggle("on", index === at);
          if (!(above || below)) return;
          const x = above ? 0 : (f.x - z.x) / z.w * width, w = above ? width : f.w / z.w * width;
          f.rect.setAttribute("x", x); f.rect.setAttribute("width", w);
          if (!f.text) { if (w < 30) return; f.text = document.createElementNS(svg.namespaceURI, "text");
            f.text.setAttribute("y", f.y + 13); f.g.append(f.text); }
          const room = Math.floor((w - 6) / 6.7), name = f.name.split(": ")[0];
          f.text.setAttribute("x", x + 3);
          f.text.textContent = name.length <= room ? name : room < 4 ? "" : name.slice(0, room - 1) + "…";
        });
        told.textContent = frames[at].name;
      }
      const shown = f => f.g.style.display !== "none";
      function go(step) {
        const here = frames[at], level = frames.filter(f => shown(f));
        const up = level.filter(f => f.y < here.y && inside(here, f)).pop();
        const down = level.find(f => f.y > here.y && inside(f, here));
        const row = level.filter(f => f.y === here.y), place = row.indexOf(here);
        const next = { ArrowUp: up, ArrowDown: down, ArrowLeft: row[place - 1], ArrowRight: row[place + 1] }[step];
        if (next) { at = frames.indexOf(next); draw(); }
      }
      svg.addEventListener("click", event => {
        const g = event.target.closest("g"); if (!g) return;
        at = zoom = frames.findIndex(f => f.g === g); draw();
      });
      svg.addEventListener("mouseover", event => {
        const g = event.target.closest("g"); if (g) told.textContent = g.querySelector("title").textContent;
      });
      svg.addEventListener("keydown", event => {
        if (event.key.startsWith("Arrow")) go(event.key);
        else if (event.key === "Enter") { zoom = at; draw(); }
        else if (event.key === "Escape") { at = zoom = 0; draw(); }
        else return;
        event.preventDefault();
      });
    }
    """#
}
