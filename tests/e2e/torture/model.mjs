// What the project must hold: every state that the acts so far have led to, and which of them the
// page has promised to keep.
//
// A state is plain JSON: {title, speakers: [name], articles: [{title, text, status, annotations}]}.
// An annotation is {label, spans, speakers: [name], cue, directness, note}; a span {start, text},
// its start in UTF-16 units. States are never changed in place.

export const LABELS = { claim: 'Claim', denial: 'Denial', quote: 'Quote' };

export class Model {
  /** For each number of acts: the state after them, and what undo and redo would bring back. */
  #log;

  /** So many acts were shown as saved. */
  promised = 0;

  constructor(state) {
    this.#log = [{ act: 'nothing', state, undo: [], redo: [] }];
  }

  /** How many acts were made. */
  get acts() {
    return this.#log.length - 1;
  }

  get state() {
    return this.#last.state;
  }

  get #last() {
    return this.#log.at(-1);
  }

  /** Makes an act: `change` gets a copy of the state to change. */
  act(name, change) {
    const { state, undo } = this.#last;
    const after = structuredClone(state);
    change(after);
    this.#log.push({ act: name, state: after, undo: [...undo, state], redo: [] });
  }

  canUndo() {
    return this.#last.undo.length > 0;
  }

  canRedo() {
    return this.#last.redo.length > 0;
  }

  undo() {
    const { state, undo, redo } = this.#last;
    this.#log.push({ act: 'undo', state: undo.at(-1), undo: undo.slice(0, -1), redo: [...redo, state] });
  }

  redo() {
    const { state, undo, redo } = this.#last;
    this.#log.push({ act: 'redo', state: redo.at(-1), undo: [...undo, state], redo: redo.slice(0, -1) });
  }

  /** The page says that all is saved. */
  promise() {
    this.promised = this.acts;
  }

  /** The last act did not come to pass. */
  forgetLast() {
    this.#log.pop();
  }

  /** The state after so many acts. */
  stateAfter(acts) {
    return this.#log[acts].state;
  }

  /** The names of the acts behind a number of acts. */
  namesAfter(acts) {
    return this.#log.slice(acts + 1).map(({ act }) => act);
  }

  /** Only so many acts have lasted. */
  rewind(acts) {
    this.#log.length = acts + 1;
    this.promised = acts;
  }
}

/** The article of a state with this title. */
export function articleOf(state, title) {
  return state.articles.find((article) => article.title === title);
}

/** The list's rows for an article, in no order. */
export function rowsOf(article) {
  return article.annotations.map(rowOf).sort();
}

export function rowOf({ label, spans }) {
  return `${LABELS[label]}: ${spans.map(({ text }) => text).join(' … ')}`;
}

/** The states as they are compared: annotations have an order only by what they are. */
export function sorted(state) {
  const key = (annotation) => JSON.stringify([annotation.spans[0].start, annotation.label, annotation]);
  const order = (a, b) => (key(a) < key(b) ? -1 : 1);
  return {
    title: state.title,
    speakers: state.speakers,
    articles: state.articles.map(({ title, text, status, annotations }) => ({
      title,
      text: text.trimEnd(),
      status,
      annotations: annotations
        .map(({ label, spans, speakers, cue, directness, note }) => ({ label, spans, speakers, cue, directness, note }))
        .sort(order),
    })),
  };
}

const NOUNS = 'barge harbour clerk pilot café ramp ledger mayor tram bridge orchard naïve kettle'.split(' ');

/** An invented text in which no word stands twice; `seed` tells it from other texts. */
export function textOf(seed, paragraphs = 3) {
  let count = 0;
  const word = () => `${NOUNS[(count + seed) % NOUNS.length]}${seed}x${(count += 1)}`;
  const words = () => Array.from({ length: 6 }, word).join(' ');
  // An emoji in each, so that offsets of different units differ behind it.
  return Array.from({ length: paragraphs }, () => `${words()} 🦊 ${words()}.`).join('\n\n');
}

/** The words of a text, with where they stand. */
export function wordsOf(text) {
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({ start: match.index, text: match[0] }));
}
