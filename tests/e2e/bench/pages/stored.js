/** The article as the browser's own store has it; a visit with “?store” puts it there and does no more. */
export async function stored() {
  const done = (request) =>
    new Promise((good, bad) => {
      request.onsuccess = () => good(request.result);
      request.onerror = () => bad(request.error);
    });
  const opening = indexedDB.open('bench', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('articles');
  const database = await done(opening);
  const store = () => database.transaction('articles', 'readwrite').objectStore('articles');
  if (location.search !== '?store') {
    await asked();
    return done(store().get('article'));
  }
  const article = await (await fetch('article.json')).json();
  await done(store().put(article, 'article'));
  document.title = 'stored';
  return new Promise(() => {});
}

/** Waits for the key that opens the article, where the address says so. */
function asked() {
  if (!new URLSearchParams(location.search).has('later')) return undefined;
  return new Promise((done) => addEventListener('keydown', ({ key }) => key === 'o' && done()));
}

/** Puts the paragraphs on the page, and gives their elements. */
export function show(paragraphs) {
  const elements = paragraphs.map((words) => {
    const element = document.createElement('p');
    element.textContent = words;
    return element;
  });
  document.querySelector('.article-text').append(...elements);
  return elements;
}
