// The page's side of www/service-worker.js, fetched when the page has started and is idle.
//
// It greets the service worker with the page's build, looks for newer builds, and tells the app of
// them by an event, `avow-tidings`. The app says when all is saved and the person agrees.

const HOUR = 3_600_000;
const OWN = document.querySelector('meta[name="avow-build"]').content;
const workers = navigator.serviceWorker;
if (!workers) throw new Error("Without https, a page is not kept for when there is no network.");

function tell(tidings) {
  window.dispatchEvent(new CustomEvent("avow-tidings", { detail: tidings }));
}

// The build of a service worker; none if it does not answer.
function buildOf(worker) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, 10_000);
    worker.postMessage({ hello: OWN }, [port2]);
  });
}

const takeOver = (worker) => worker.postMessage("take over");

// The controller answers for the page's files. Where it is of another build, and none of this build
// is coming, what is still to be fetched for this page may be gone.
async function greet(registration) {
  if (!workers.controller) return;
  const build = await buildOf(workers.controller);
  if (!build || build === OWN) return;
  // Without network there is nothing newer.
  await registration.update().catch(() => {});
  if (!registration.installing && !registration.waiting) tell("outdated");
}

async function greetWaiting(worker) {
  const build = await buildOf(worker);
  // The page came from the network and is of this build already: there is nothing to agree to.
  if (build === OWN) takeOver(worker);
  else if (build) tell("newer");
}

function follow(registration) {
  let asked = Date.now();
  const look = () => {
    if (document.visibilityState !== "visible" || Date.now() - asked < HOUR) return;
    asked = Date.now();
    registration.update().catch(() => {});
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, HOUR);

  const watch = (worker) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && workers.controller) greetWaiting(worker);
    });
  };
  registration.addEventListener("updatefound", () => watch(registration.installing));
  if (registration.installing) watch(registration.installing);
  if (registration.waiting) greetWaiting(registration.waiting);
  workers.addEventListener("controllerchange", () => greet(registration));
  greet(registration);

  // The person has agreed, and all is saved.
  window.addEventListener("avow-update", () => {
    if (registration.waiting) takeOver(registration.waiting);
    else tell("outdated");
  });
}

workers.addEventListener("message", ({ data, ports }) => {
  if (data === "which build?") ports[0].postMessage(OWN);
});
workers.startMessages();
try {
  follow(await window.avowTrusted.serviceWorker());
} catch (error) {
  // The page works as long as its host answers.
  console.warn(`This page is not kept for when there is no network: ${error}`);
}
