/** What mails have beside their words. Without the page. */

/** The subject that an answer goes out under: of the last mail of the client's. */
export function answeredSubject(messages) {
  const mail = messages.findLast(({ author, details }) => author.kind === "CLIENT" && details?.mail)?.details.mail;
  return mail?.subject ?? "";
}

/** Who else reads along, in the order of the mail. */
export const readersOf = ({ to = [], cc = [] }) => [...new Set([...(to.length > 1 ? to : []), ...cc])];
