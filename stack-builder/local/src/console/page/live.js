// Data of the process, and news of it.

const BASE = "/_stack-builder/api/";

/** Fetches data; throws a sentence for people when there is none. */
export async function load(what, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== "" && value != null));
  const response = await fetch(`${BASE}${what}?${query}`, { credentials: "omit" });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
}

/** Listens for news as long as somebody looks at the page: `heard(names)`, `changed("live" | "waiting")`. */
export function listen(heard, changed) {
  let source;
  let run;
  let wasAway = false;
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(`${BASE}events`);
    source.addEventListener("hello", (event) => {
      const now = JSON.parse(event.data).run;
      // Another process, perhaps with another page.
      if (run !== undefined && run !== now) return location.reload();
      run = now;
      changed("live");
      if (wasAway) heard(["everything"]);
      wasAway = false;
    });
    source.addEventListener("news", (event) => heard(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      changed("waiting");
      wasAway = true;
      // A refusal is final for the browser, but the process may be back in a moment.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(open, 1500);
      }
    });
  };
  const close = () => {
    source?.close();
    source = undefined;
  };
  // A browser has six connections to one server; pages that nobody sees give theirs back.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      close();
      wasAway = true;
    } else {
      open();
    }
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}

/** Runs `act` now, and once more for however many calls come meanwhile and in `pause` milliseconds after it. */
export function calm(act, pause = 150) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await act();
    } finally {
      await new Promise((done) => setTimeout(done, pause));
      running = false;
      if (again) {
        again = false;
        run();
      }
    }
  };
}
