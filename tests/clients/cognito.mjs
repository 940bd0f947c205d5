// Signs users up and in, as a page in a browser does it: Amazon's own client, and the hosted login by hand.
// usage: node cognito.mjs <tools folder> <endpoint> <pool> <client> <command> [argument..]; answers in JSON.
import { createHash, randomBytes } from "node:crypto";
import { createRequire } from "node:module";

const [tools, endpoint, UserPoolId, ClientId, command, ...rest] = process.argv.slice(2);
const require = createRequire(`${tools}/package.json`);
const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");

const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint });
const user = (Username) => new CognitoUser({ Username, Pool });
const called = (start) =>
  new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result))));

const commands = {
  async "sign-up"(email, password) {
    return { sub: (await called((done) => Pool.signUp(email, password, [], null, done))).userSub };
  },

  async confirm(email, code) {
    return { said: await called((done) => user(email).confirmRegistration(code, false, done)) };
  },

  async "sign-in"(email, password) {
    const details = new AuthenticationDetails({ Username: email, Password: password });
    const session = await new Promise((onSuccess, onFailure) =>
      user(email).authenticateUser(details, { onSuccess, onFailure }),
    );
    return { id: session.getIdToken().getJwtToken(), access: session.getAccessToken().getJwtToken() };
  },

  // Authorization code with PKCE; `spoil` sends another verifier than the one announced.
  async "hosted-sign-in"(email, password, redirect, spoil) {
    const { code, verifier, state, origin } = await commands["hosted-code"](email, password, redirect);
    const tokens = await fetch(`${endpoint}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: ClientId,
        code,
        redirect_uri: redirect,
        code_verifier: spoil ?? verifier,
      }),
    });
    const { error, id_token: id, access_token: access } = await tokens.json();
    if (error) throw Object.assign(new Error(error), { code: error });
    return { id, access, state, origin };
  },

  // The first half of it: the code that the login sends back to the page.
  async "hosted-code"(email, password, redirect) {
    const verifier = randomBytes(48).toString("base64url");
    const asked = {
      client_id: ClientId,
      redirect_uri: redirect,
      response_type: "code",
      scope: "openid email profile",
      state: "from-the-test",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    };
    const page = await fetch(`${endpoint}/oauth2/authorize?${new URLSearchParams(asked)}`);
    const fields = Object.fromEntries(
      [...(await page.text()).matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((m) => [m[1], m[2]]),
    );
    const answer = await fetch(`${endpoint}/login`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: page.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ") },
      body: new URLSearchParams({ ...fields, username: email, password }),
    });
    const location = answer.headers.get("location");
    if (!location) throw Object.assign(new Error("no redirect after the login"), { code: "NotAuthorizedException" });
    const back = new URL(location);
    const sent = (name) => back.searchParams.get(name);
    return { code: sent("code"), verifier, state: sent("state"), origin: back.origin + back.pathname };
  },
};

try {
  console.log(JSON.stringify({ ok: await commands[command](...rest) }));
} catch (error) {
  console.log(JSON.stringify({ error: { code: error.code ?? error.name, message: error.message } }));
}
