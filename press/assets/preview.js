// Only in a preview: reloads the page when there is a new one, says what is wrong, offers the PDF.
(() => {
  const bar = document.createElement("div");
  bar.setAttribute("role", "status");
  bar.style.cssText = "position:fixed;right:0;bottom:0;z-index:1000;max-width:100%;max-height:60vh;"
    + "overflow:auto;box-sizing:border-box;padding:.3em .8em;font:13px/1.5 sans-serif;"
    + "color:#111;background:#f4f4f4;border:1px solid #888;white-space:pre-wrap";
  const text = document.createElement("span");
  const link = document.createElement("a");
  link.href = "/press-preview/pdf";
  link.target = "_blank";
  link.textContent = "PDF";
  bar.append(text, " ", link);
  document.body.append(bar);

  const said = {working: "rendering …", ready: "preview"};
  const page = Number(document.currentScript.dataset.page);
  const news = new EventSource("/press-preview/news");
  news.onmessage = event => {
    const {kind, problems, page: newest} = JSON.parse(event.data);
    if (newest !== page) location.reload();
    text.textContent = problems.length ? problems.join("\n") + "\n" : said[kind];
    bar.style.borderColor = problems.length ? "#b00" : "#888";
  };
  news.onerror = () => { text.textContent = "the preview has ended"; };
})();
