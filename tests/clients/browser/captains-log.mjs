// A captain logs in, reads the log, gets lost, runs out of time, and logs out.
import { ask, perform, same } from "./stage.mjs";

const CAPTAIN = { desktop: ["picard", "makeitso"], keyboard: ["kirk", "KHAAAN!!!"], phone: ["picard", "makeitso"] };
const FIRST = { picard: "A new ship", kirk: "The edge of the map" };

await perform(async ({ enter, urls: { site }, way }) => {
  const [name, password] = CAPTAIN[way];
  const me = await enter();

  async function logIn(secret) {
    await me.write(me.the("textbox", "User name"), name);
    await me.write(me.the("textbox", "Password"), secret);
    await me.press(me.the("button", "Log in"));
  }

  async function readsTheLog() {
    await me.isAt(`${site}/`);
    await me.the("heading", FIRST[name]).waitFor();
    await me.page.locator("#loading").waitFor({ state: "hidden" });
  }

  await me.page.goto(`${site}/`);
  await me.isAt(`${site}/login/`);
  await me.the("button", "Log in").waitFor();
  await me.examine("login");

  me.watch.expect("answered: POST /api/login 401");
  await logIn("shaka, when the walls fell");
  await me.sees("That user name and password do not go together.");
  const focused = await me.page.evaluate(() => document.activeElement.id);
  same(focused, "password", "the field that has the cursor");
  await me.examine("wrong-password");

  await logIn(password);
  await readsTheLog();
  same(await me.page.locator("#captain").textContent(), name, "whose log it is");
  same(await me.page.locator("#list > *").count(), 5, "entries");
  await me.examine("log");

  me.watch.expect("answered: GET /no/such/page 404");
  await me.page.goto(`${site}/no/such/page`);
  await me.the("heading", "Uncharted space").waitFor();
  await me.examine("missing-page");
  await me.press(me.the("link", "Back to the log"));
  await readsTheLog();

  // The table's item gets an end that is near, or past: as the minute's wait would bring it about.
  const { value } = (await me.page.context().cookies(site)).find((cookie) => cookie.name === "session-id");
  await ask({ what: "session", id: value, left: 3 });
  await me.page.reload();
  await readsTheLog();
  await me.isAt(`${site}/login/`);
  await me.sees("Your session has ended. Log in again to go on reading.");
  await me.shoot("session-over");
  await me.page.goto(`${site}/`);
  await me.isAt(`${site}/login/`);

  await logIn(password);
  await readsTheLog();
  const { value: second } = (await me.page.context().cookies(site)).find((cookie) => cookie.name === "session-id");
  await ask({ what: "session", id: second, left: -1 });
  await me.page.reload();
  await me.isAt(`${site}/login/`);

  await logIn(password);
  await readsTheLog();
  await me.press(me.the("button", "Log out"));
  await me.isAt(`${site}/login/`);
  await me.sees("You are logged out. Live long and prosper.");
  await me.shoot("logged-out");
  await me.page.goBack();
  await me.isAt(`${site}/login/`);
  await me.the("button", "Log in").waitFor();
});
