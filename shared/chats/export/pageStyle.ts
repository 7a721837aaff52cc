// How an exported page looks, on the screen and on paper; it has to stand on its own.
export const pageStyle = `
:root{color-scheme:light dark}
body{margin:0;background:#faf8f5;color:#26211c;font:16px/1.6 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:46rem;margin:0 auto;padding:2rem 1.25rem 4rem}
header p,h2,h3{color:#655c52}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:.9rem;margin:0 0 .4rem}
h3{font-size:.85rem;margin:.8rem 0 .3rem}
section{margin-block:1.75rem;break-inside:auto}
section.user,section.system{background:#f3eee7;border-radius:12px;padding:1rem 1.25rem}
.plain{white-space:pre-wrap;overflow-wrap:anywhere}
.document .plain{font-family:Georgia,serif;font-size:1.05rem}
.body{overflow-wrap:anywhere}
.body>:first-child{margin-block-start:0}
.body>:last-child{margin-block-end:0}
pre{overflow-x:auto;background:rgb(128 110 90/.12);border-radius:8px;padding:.8rem 1rem;font-size:.88rem}
code{font-family:ui-monospace,"Cascadia Code",Menlo,Consolas,monospace}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{border:1px solid rgb(128 110 90/.4);padding:.35rem .6rem;text-align:start}
blockquote{margin-inline:0;padding-inline-start:1rem;border-inline-start:3px solid rgb(128 110 90/.4)}
a{color:#a8420f}
@media (prefers-color-scheme:dark){
body{background:#1a1816;color:#ede6dd}
header p,h2,h3{color:#b0a598}
section.user,section.system{background:#2a2622}
a{color:#f0a26b}
}
@media print{
body{background:#fff;color:#000;font-size:11pt}
main{max-width:none;padding:0}
section.user,section.system{background:none;border:1px solid #bbb}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
h2{break-after:avoid}
}
`
