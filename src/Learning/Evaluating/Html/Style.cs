namespace Inspection.Learning.Evaluating.Html;

/// <summary>The report's look, inside the file: nothing is fetched.</summary>
internal static class Style
{
    public const string Css = """
        :root { --ink: #1d2530; --quiet: #5c6878; --line: #dbe1e8; --paper: #fff; --back: #f4f6f8; --good: #2f7d5b; --bad: #c2452d; --mark: #2456a6; }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
        h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 0 0 12px; } p { margin: 0 0 10px; }
        .quiet { color: var(--quiet); }
        section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 20px 22px; margin-top: 18px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; margin-top: 18px; }
        .tile { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; }
        .tile b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; } .tile span { color: var(--quiet); font-size: 13px; display: block; }
        .two { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 24px; align-items: start; }
        @media (max-width: 760px) { .two { grid-template-columns: minmax(0, 1fr); } }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
        th { color: var(--quiet); font-weight: 600; font-size: 13px; } th:first-child, td:first-child { text-align: left; } td.wrap { white-space: normal; text-align: left; }
        td.wrong { color: var(--bad); font-weight: 600; }
        .chart { width: 100%; height: auto; font: 12px system-ui, sans-serif; } .chart text { fill: var(--quiet); }
        .grid { stroke: var(--line); fill: none; } .chance { stroke: var(--quiet); stroke-dasharray: 4 4; fill: none; } .roc { stroke: var(--mark); stroke-width: 2.5; fill: none; }
        .works { fill: var(--paper); stroke: var(--bad); stroke-width: 3; } .axis { stroke: var(--ink); } .threshold { stroke: var(--ink); stroke-dasharray: 3 3; }
        rect.good { fill: var(--good); } rect.bad { fill: var(--bad); } .chart .t-good { fill: var(--good); font-weight: 600; } .chart .t-bad { fill: var(--bad); font-weight: 600; }
        .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 16px; }
        figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: 10px; } figure img { width: 100%; height: 220px; object-fit: contain; background: var(--back); }
        figcaption { font-size: 13px; margin-top: 6px; overflow-wrap: anywhere; }
        .badge { display: inline-block; padding: 0 8px; border-radius: 10px; font-size: 12px; font-weight: 600; color: #fff; background: var(--quiet); }
        .badge.ok { background: var(--good); } .badge.ng { background: var(--bad); }
        ul { margin: 0; padding-left: 20px; } code { font-size: 13px; overflow-wrap: anywhere; }
        @media print { body { background: #fff; } section, .tile, figure { break-inside: avoid; } }
        """;
}
