// Runs in each of the measured pages, before it: from an event to the frame that shows what it did.

globalThis.bench = (() => {
  const nodes = new WeakMap();
  const nameOf = (node) => nodes.get(node) ?? (nodes.set(node, (nodes.count = (nodes.count ?? 0) + 1)), nodes.get(node));

  const ranges = () => [...CSS.highlights].filter(([name]) => /^floor-\d/.test(name)).map(([name, it]) => [name, it.size]);
  const shapes = () => [...document.querySelectorAll('.marks .tint')];

  /** How many pieces each label has: ranges of the highlights `floor-LABEL`, or of Avow's shapes. */
  function painted() {
    const counts = Object.fromEntries(ranges());
    for (const it of shapes()) {
      const [label, pieces] = [/label-\w+/.exec(it.getAttribute('class')), it.getAttribute('d').split('M').length - 1];
      counts[label] = (counts[label] ?? 0) + pieces;
    }
    return Object.keys(counts).sort().map((name) => counts[name]).join();
  }

  /** What is another when what is painted is another, and quickly asked for: each frame of an act pays for it. */
  const drawn = () => [...ranges(), ...shapes().map((it) => it.getAttribute('d').length)].join();

  /** What a highlight covers, in a word. */
  function covered(name) {
    const all = [...(CSS.highlights.get(name) ?? [])];
    return all.map((it) => `${nameOf(it.startContainer)}:${it.startOffset}-${it.endOffset}`).join();
  }

  /** What of the page is looked at. A page that paints in another way replaces these. */
  const shows = {
    text: () => (document.querySelector('.article-text p')?.textContent ? 'yes' : ''),
    opened: () => (/[1-9]/.test(painted()) ? 'yes' : ''),
    painted,
    drawn,
    picked: () => covered('avow-picked') + covered('floor-picked'),
    hovered: () => covered('floor-hovered'),
    found: () => document.querySelector('aside[aria-label=Search] [role=status]')?.textContent ?? '',
  };

  // What a frame's own callbacks change is seen in that frame: we look after each of them too.
  const looks = new Set();
  const nextFrame = requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    nextFrame((time) => {
      callback(time);
      for (const look of looks) look();
    });

  /** When the first frame in which this holds has been laid out and painted. */
  function shown(holds) {
    return new Promise((done) => {
      const frame = () => {
        let held = holds();
        const look = () => (held ||= holds());
        looks.add(look);
        // When the frame is done, and before all else that the page may have left for then.
        scheduler.postTask(
          () => {
            looks.delete(look);
            if (held) done(performance.now());
          },
          { priority: 'user-blocking' },
        );
        if (!held) nextFrame(() => held || frame());
      };
      nextFrame(frame);
    });
  }

  function middleOf(range) {
    const { left, top, width, height } = range.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  }

  const between = (times) => times.slice(1).map((time, at) => time - times[at]);

  /** Milliseconds between the frames of so many milliseconds. */
  async function frames(most) {
    const times = [performance.now()];
    while (times.at(-1) < times[0] + most) {
      await new Promise(nextFrame);
      times.push(performance.now());
    }
    return between(times);
  }

  const bench = {
    shows,
    memories: new Set(),
    /** Milliseconds since the page was asked for: until its text, and until the marks on it, are shown. */
    times: { text: shown(() => shows.text()), opened: shown(() => shows.opened()) },

    /**
     * Measures the next event of this kind, to be asked for as `bench.result`: milliseconds until the
     * frame that shows another `what`, or one that matches `wanted`; without `what`, until the next frame.
     */
    watch(type, what, wanted) {
      // Asked anew each time: a page that opens only now has its own only then.
      const look = () => (what ? shows[what]() : undefined);
      const before = look();
      const turn = (bench.turn = (bench.turn ?? 0) + 1);
      const changed = () => !what || (wanted ? new RegExp(wanted).test(look()) : look() !== before);
      // What never comes is given up with the next measurement.
      const holds = () => turn !== bench.turn || changed();
      bench.result = new Promise((done) => {
        const heard = (event) => shown(holds).then((end) => done(end - event.timeStamp));
        // Before all listeners of the page.
        window.addEventListener(type, heard, { once: true, capture: true });
      });
    },

    paragraph: (at) => document.querySelectorAll('.article-text p')[at],

    /** Selects in a paragraph, as a mouse would have. */
    select(at, start, end) {
      const node = bench.paragraph(at).firstChild;
      getSelection().setBaseAndExtent(node, start, node, end);
    },

    /** Annotated words on the screen, in a ring; no two after another are of the same annotation. */
    points(pieces) {
      const found = [];
      let last = [];
      const range = document.createRange();
      for (const paragraph of new Set(pieces.map((piece) => piece[1]))) {
        const node = bench.paragraph(paragraph).firstChild;
        for (const word of node.data.matchAll(/\w+/g)) {
          const here = pieces.filter(([, at, start, end]) => at === paragraph && start <= word.index && word.index < end);
          const ids = here.map(([id]) => id);
          if (ids.length === 0 || ids.some((id) => last.includes(id))) continue;
          range.setStart(node, word.index);
          range.setEnd(node, word.index + word[0].length);
          const { x, y } = middleOf(range);
          if (document.elementFromPoint(x, y) !== node.parentElement) continue;
          found.push({ paragraph, start: word.index, end: word.index + word[0].length, ids });
          last = ids;
        }
      }
      while (found.length > 1 && found[0].ids.some((id) => found.at(-1).ids.includes(id))) found.pop();
      return found;
    },

    /** The middle of such a word, where it is now: an act may have scrolled. */
    middle({ paragraph, start, end }) {
      const node = bench.paragraph(paragraph).firstChild;
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, end);
      return middleOf(range);
    },

    /**
     * Scrolls so many pixels in each of so many frames, there and back, but no longer than these
     * milliseconds; gives those between the frames.
     */
    async scroll(frames, pixels, most) {
      let scroller = bench.paragraph(0).parentElement;
      const scrolls = (it) => it.scrollHeight > it.clientHeight && /auto|scroll/.test(getComputedStyle(it).overflowY);
      while (scroller && !scrolls(scroller)) scroller = scroller.parentElement;
      scroller ??= document.scrollingElement;
      scroller.scrollTop = 0;
      const next = () => new Promise(nextFrame);
      await next();
      const [times, height] = [[await next()], scroller.scrollHeight - scroller.clientHeight];
      for (let way = pixels; times.length <= frames && times.at(-1) < times[0] + most; ) {
        if (scroller.scrollTop + way < 0 || scroller.scrollTop + way > height) way = -way;
        scroller.scrollTop += way;
        times.push(await next());
      }
      return between(times);
    },
  };
  /** What the page does when it seems to be open: the frames of two seconds. */
  bench.after = bench.times.opened.then(() => frames(2_000));

  // What a page's wasm has of memory is seen by nothing but itself.
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...all) => {
      const made = await original.apply(WebAssembly, all);
      const exports = Object.values((made.instance ?? made).exports ?? {});
      for (const it of exports) if (it instanceof WebAssembly.Memory) bench.memories.add(it);
      return made;
    };
  }
  return bench;
})();
