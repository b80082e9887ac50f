/**
 * Run by sshd at each login: prints what a key may do, or nothing.
 * Arguments: the stand-in's folder, the session's command as JSON, and the key's type and data.
 */
import { authorizedLine, findKey } from "./keys.ts";

const [, , repositories = "", session = "[]", type = "", data = ""] = process.argv;
const key = findKey(repositories, type, data);
if (key !== undefined) process.stdout.write(`${authorizedLine(key, JSON.parse(session) as string[])}\n`);
