// Finds words on a page that come from no catalogue and from no answer of the service. The page is
// opened with `?pseudo`, which marks every word of the catalogues.

// Names that are the same in every language, and units. Icons of the library name themselves.
const SAME = /^(?:[\s\d一二三四五六七八九十.,:;·•/×*#%≠–—()（）〔〕【】、，。：；…-]|BLAKE3|SHA-256|SM3|JSON Feed|RSS|English|中文|[KMGT]?i?B|kbit\/s|fps|Hz|x264|h264|hevc|aac|mp4|mov|ms|s|展开行|关闭行|Increase Value|Decrease Value)*$/; // The last four are the library's own.

/** A text without what is marked, marks within marks included. */
function bare(text) {
  for (let before = ''; before !== text;) [before, text] = [text, text.replace(/\[[^[\]]*\]/g, '\n')];
  return text;
}

export async function unmarked(page, said) {
  const texts = await page.evaluate(() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const seen = node.parentElement?.checkVisibility() && !node.parentElement.closest('script, style, noscript');
      if (seen && node.textContent.trim()) found.push(node.textContent);
    }
    for (const element of document.querySelectorAll('[aria-label]:not(.anticon), [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) if (element.getAttribute(name)) found.push(element.getAttribute(name));
    }
    return found;
  });
  const rest = texts.flatMap((text) => bare(text).split(/[\n·（）、]/)).map((text) => text.trim());
  return [...new Set(rest.filter((text) => text && !SAME.test(text) && !said().includes(text)))];
}
