/** The programs that the git server needs. They are Debian's: nothing is downloaded or built for it. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface GitServerPrograms {
  /** OpenSSH's server, by its absolute path: it starts itself again for every connection. */
  sshd: string;
  sshKeygen: string;
  /**
   * Gives sshd a list of users of its own (cwrap.org, nss_wrapper): addresses say `git@…`, and a user of that name need not exist on
   * the machine. The server works as whoever starts it, and nothing of the machine's own users is open.
   */
  nssWrapper: string;
}

/** What must be installed, as apt names it. */
export const packages = ["openssh-server", "openssh-client", "libnss-wrapper"];

/** Looks on the PATH and where Debian puts them. */
export function findPrograms(): { programs: GitServerPrograms } | { missing: string } {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/bin"].filter((folder) => folder.startsWith("/"));
  const program = (name: string): string | undefined => folders.map((folder) => join(folder, name)).find(isProgram);
  const sshd = program("sshd");
  const sshKeygen = program("ssh-keygen");
  const nssWrapper = libraryFolders().map((folder) => join(folder, "libnss_wrapper.so")).find(isReadable);
  if (sshd !== undefined && sshKeygen !== undefined && nssWrapper !== undefined) return { programs: { sshd, sshKeygen, nssWrapper } };
  const lacking = [sshd === undefined ? "sshd" : "", sshKeygen === undefined ? "ssh-keygen" : "", nssWrapper === undefined ? "libnss_wrapper.so" : ""].filter((name) => name !== "");
  return { missing: `${lacking.join(" and ")} not found; Debian has them in ${packages.join(", ")}` };
}

/** Whether this sshd has an option; a config file with one that it does not have is refused as a whole. */
export function knowsOption({ sshd }: GitServerPrograms, configFile: string, option: string): boolean {
  try {
    execFileSync(sshd, ["-t", "-f", configFile, "-o", option], { stdio: "ignore", timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

function libraryFolders(): string[] {
  const multiarch = (folder: string): string[] => {
    try {
      return readdirSync(folder).filter((name) => /-linux-gnu/.test(name)).map((name) => join(folder, name));
    } catch {
      return [];
    }
  };
  return [...multiarch("/usr/lib"), "/usr/lib64", "/usr/lib", "/usr/local/lib"];
}

function isProgram(path: string): boolean {
  return isAccessible(path, constants.X_OK);
}

function isReadable(path: string): boolean {
  return isAccessible(path, constants.R_OK);
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
