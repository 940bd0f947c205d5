// What the owner of an account does with it, by Amazon's own client and verifier for JavaScript.
// usage: node account.mjs <tools folder> <endpoint> <pool> <client> <command> [argument..]; answers in JSON.
import { createRequire } from "node:module";

const [tools, endpoint, UserPoolId, ClientId, command, ...rest] = process.argv.slice(2);
const require = createRequire(`${tools}/package.json`);
const { AuthenticationDetails, CognitoRefreshToken, CognitoUser, CognitoUserAttribute, CognitoUserPool } =
  require("amazon-cognito-identity-js");
const { CognitoJwtVerifier } = require("aws-jwt-verify");

const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint });
const user = (Username) => new CognitoUser({ Username, Pool });
const called = (start) =>
  new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result))));
const handled = (start) => new Promise((onSuccess, onFailure) => start({ onSuccess, onFailure }));
const signedIn = async (email, password) => {
  const they = user(email);
  const details = new AuthenticationDetails({ Username: email, Password: password });
  return [they, await handled((handlers) => they.authenticateUser(details, handlers))];
};
const tokens = (session) => ({
  id: session.getIdToken().getJwtToken(),
  access: session.getAccessToken().getJwtToken(),
  refresh: session.getRefreshToken().getToken(),
});

const commands = {
  "sign-up": (email, password) => called((done) => Pool.signUp(email, password, [], null, done)),
  "resend-code": (email) => called((done) => user(email).resendConfirmationCode(done)),
  confirm: (email, code) => called((done) => user(email).confirmRegistration(code, false, done)),
  "sign-in": async (email, password) => tokens((await signedIn(email, password))[1]),
  "forget-password": (email) => handled((handlers) => user(email).forgotPassword(handlers)),
  "reset-password": (email, code, fresh) =>
    handled((handlers) => user(email).confirmPassword(code, fresh, handlers)),

  async refresh(email, RefreshToken) {
    const token = new CognitoRefreshToken({ RefreshToken });
    return tokens(await called((done) => user(email).refreshSession(token, done)));
  },

  async "change-password"(email, old, fresh) {
    const [they] = await signedIn(email, old);
    return called((done) => they.changePassword(old, fresh, done));
  },

  async rename(email, password, Value) {
    const [they] = await signedIn(email, password);
    await called((done) => they.updateAttributes([new CognitoUserAttribute({ Name: "name", Value })], done));
    const attributes = await called((done) => they.getUserAttributes(done));
    return Object.fromEntries(attributes.map((attribute) => [attribute.getName(), attribute.getValue()]));
  },

  async "sign-out-everywhere"(email, password) {
    const [they] = await signedIn(email, password);
    return handled((handlers) => they.globalSignOut(handlers));
  },

  async delete(email, password) {
    const [they] = await signedIn(email, password);
    return called((done) => they.deleteUser(done));
  },

  // The verifier would fetch the keys from AWS; it is given those that the endpoint publishes.
  async verify(token, tokenUse) {
    const verifier = CognitoJwtVerifier.create({ userPoolId: UserPoolId, clientId: ClientId, tokenUse });
    const keys = await fetch(`${endpoint}/${UserPoolId}/.well-known/jwks.json`);
    verifier.cacheJwks(await keys.json());
    return verifier.verify(token);
  },
};

try {
  console.log(JSON.stringify({ ok: (await commands[command](...rest)) ?? null }));
} catch (error) {
  console.log(JSON.stringify({ error: { code: error.code ?? error.name, message: error.message } }));
}
