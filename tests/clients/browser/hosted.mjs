// The sign-in pages of a user pool, as a new user and a returning one see them.
import { ask, same } from "./stage.mjs";

/** Good enough for the password policy of both applications. */
const PASSWORD = "Engage-1701-now";

/** Makes an account on the way from the gate back to the page, with a mistake at each step and a look around. */
export async function signUpClumsily(me, { site, domain }, email) {
  await me.page.waitForURL((url) => url.href.startsWith(`${domain}/login?`));
  await me.examine("sign-in");
  await me.press(me.the("link", "Create an account"));
  await me.the("heading", "Create an account").waitFor();
  await me.examine("sign-up");

  me.watch.expect("answered: POST /signup 400");
  await me.write(me.the("textbox", "Email address"), email);
  await me.write(password(me), "short");
  await me.press(me.the("button", "Create the account"));
  await me.the("alert").waitFor();
  same(await me.page.evaluate(() => document.activeElement.name), "password", "the field that has the cursor");
  await me.examine("weak-password");

  await me.write(password(me), PASSWORD);
  await me.press(me.the("button", "Create the account"));
  await me.the("heading", "Confirm your account").waitFor();
  await me.examine("confirm");

  const { code } = await ask({ what: "code", to: email });
  me.watch.expect("answered: POST /confirm 400");
  await me.write(me.the("textbox", "Code"), code === "000000" ? "000001" : "000000");
  await me.press(me.the("button", "Confirm"));
  await me.the("alert").waitFor();
  await me.shoot("wrong-code");
  await me.write(me.the("textbox", "Code"), code);
  await me.press(me.the("button", "Confirm"));
  await comesBack(me, site, email);
}

/** Makes an account without looking left or right. */
export async function signUp(me, { site }, email) {
  await me.press(me.the("link", "Create an account"));
  await me.the("heading", "Create an account").waitFor();
  await me.write(me.the("textbox", "Email address"), email);
  await me.write(password(me), PASSWORD);
  await me.press(me.the("button", "Create the account"));
  const { code } = await ask({ what: "code", to: email });
  await me.write(me.the("textbox", "Code"), code);
  await me.press(me.the("button", "Confirm"));
  await comesBack(me, site, email);
}

/** Signs in again, after a wrong password. */
export async function signIn(me, { site, domain }, email) {
  await me.page.waitForURL((url) => url.href.startsWith(`${domain}/login?`));
  me.watch.expect("answered: POST /login 400");
  await me.write(me.the("textbox", "Email address"), email);
  await me.write(password(me), "Not-the-1-password");
  await me.press(me.the("button", "Sign in"));
  await me.sees("Incorrect username or password.");
  await me.shoot("wrong-password");
  await me.write(password(me), PASSWORD);
  await me.press(me.the("button", "Sign in"));
  await comesBack(me, site, email);
}

/** The code of the way back does not stay in the address. */
async function comesBack(me, site, email) {
  await me.isAt(`${site}/`);
  await me.sees(email);
}

/** Its label goes on with what a password has to have. */
function password(me) {
  return me.page.getByRole("textbox", { name: "Password" });
}
