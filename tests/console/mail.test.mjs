import assert from "node:assert/strict";
import { test } from "node:test";
import { answeredSubject, readersOf } from "../../static/console/core/mail.js";

const message = (kind, subject) => ({ author: { kind }, details: subject === undefined ? null : { mail: { subject } } });

test("an answer goes out under the subject of the client's last mail", () => {
  assert.equal(answeredSubject([message("CLIENT", "One"), message("CLIENT", "Two"), message("OPERATOR", "Three"), message("CLIENT")]), "Two");
  assert.equal(answeredSubject([message("CLIENT", "")]), "");
  assert.equal(answeredSubject([]), "");
});

test("who reads along is told once, and nobody where the mail was for us alone", () => {
  assert.deepEqual(readersOf({ to: ["us"], cc: [] }), []);
  assert.deepEqual(readersOf({ to: ["us", "boris"], cc: ["boris", "chief"] }), ["us", "boris", "chief"]);
  assert.deepEqual(readersOf({}), []);
});
