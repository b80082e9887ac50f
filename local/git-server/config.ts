/** What sshd is told: keys alone, one command a key, nothing of the machine's own configuration. */
import { join } from "node:path";

export interface ConfigInput {
  /** The server's folder. */
  folder: string;
  /** The stand-in's, with the repositories. */
  repositories: string;
  address: string;
  port: number;
  node: string;
  /** Where git is found. */
  path: string;
}

export const hostKeyFile = (folder: string): string => join(folder, "host_ed25519");
export const configFile = (folder: string): string => join(folder, "sshd_config");
export const hooksFolder = (folder: string): string => join(folder, "hooks");

const script = (name: string): string => join(import.meta.dirname, `${name}.ts`);

/**
 * The file `sshd_config`. Every key is asked for anew at each login, so what is registered, and what is removed, is in force at once.
 * The command that is asked must belong to root, as `env` does.
 */
export function configText({ folder, repositories, address, port, node, path }: ConfigInput): string {
  const session = [node, script("session"), hooksFolder(folder)];
  // Node keeps what it makes of the scripts: half of the time of each login.
  const compiled = `NODE_COMPILE_CACHE=${join(folder, "compiled")}`;
  const authorize = ["/usr/bin/env", ...[compiled, node, script("authorize"), repositories, JSON.stringify(session)].map(configWord)].join(" ");
  const lines: [string, string][] = [
    ["ListenAddress", address],
    ["Port", String(port)],
    ["PidFile", "none"],
    ["HostKey", configWord(hostKeyFile(folder))],
    ["AllowUsers", "git"],
    ["AuthenticationMethods", "publickey"],
    ["PubkeyAuthentication", "yes"],
    ["PasswordAuthentication", "no"],
    ["KbdInteractiveAuthentication", "no"],
    ["HostbasedAuthentication", "no"],
    ["UsePAM", "no"],
    // The user's folder may lie anywhere, also under /tmp; no file in it decides who logs in.
    ["StrictModes", "no"],
    ["AuthorizedKeysFile", "none"],
    ["AuthorizedKeysCommand", `${authorize} %t %k`],
    ["AuthorizedKeysCommandUser", "git"],
    // Where root starts it, `git` is another name of root, and no key opens more than its command.
    ["PermitRootLogin", "forced-commands-only"],
    ["DisableForwarding", "yes"],
    ["PermitTTY", "no"],
    ["PermitUserRC", "no"],
    ["PermitUserEnvironment", "no"],
    ["AcceptEnv", "GIT_PROTOCOL"],
    ["SetEnv", `${configWord(`PATH=${path}`)} ${configWord(compiled)}`],
    ["PrintMotd", "no"],
    ["LoginGraceTime", "30"],
    ["MaxStartups", "100"],
    ["ClientAliveInterval", "15"],
    ["ClientAliveCountMax", "4"],
  ];
  return lines.map(([key, value]) => `${key} ${value}\n`).join("");
}

/** A word of the file: quoted, and with its percent signs kept. */
function configWord(word: string): string {
  return `"${word.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%")}"`;
}

/** The server's only user besides root and sshd's own: `git`, who is whoever starts the server. */
export function passwdText({ uid, gid, folder }: { uid: number; gid: number; folder: string }): string {
  const privilegeSeparation = "sshd:x:65534:65534::/run/sshd:/usr/sbin/nologin\n";
  return `git:x:${uid}:${gid}::${folder.replaceAll(":", "")}:/bin/sh\n${privilegeSeparation}`;
}

export function groupText({ gid }: { gid: number }): string {
  return `git:x:${gid}:\nnogroup:x:65534:\n`;
}

/** The line of a known_hosts file. `publicKey`: `ssh-ed25519 AAAA… comment`. */
export function knownHostsLine(address: string, port: number, publicKey: string): string {
  const [type, data] = publicKey.trim().split(/\s+/);
  return `${port === 22 ? address : `[${address}]:${port}`} ${type} ${data}`;
}

/** A word of a shell's command line. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
