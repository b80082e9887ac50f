/** Files that the program commits to a repository. */
import { RepositoryFile } from "@pulumi/github/repositoryFile.js";
import type * as pulumi from "@pulumi/pulumi";

export interface CommittedFile {
  path: string;
  content: pulumi.Input<string>;
  /** Whether it takes the place of one that is there, as from the template that a repository starts with. Default: false. */
  over?: boolean;
}

export interface Commits {
  files: readonly CommittedFile[];
  /** Whether they are somebody else's from then on: later changes of them are no difference, and they stay when the program forgets them. */
  theirs: boolean;
  /** Whether the repository is the program's own, new: what GitHub put there (README.md) makes room. Else a file that is there is never written over, unless it says so itself. */
  fresh: boolean;
  /** Whether this environment makes the repository, whose new name is then the same repository's: no reason to write what was there on the first day. */
  made: boolean;
}

/**
 * One commit a file, one after the other: GitHub refuses two at a time on a branch. On the default branch. Returns the last, after
 * which all are there.
 */
export function commitFiles(name: string, repository: pulumi.Input<string>, { files, theirs, fresh, made }: Commits, opts: pulumi.CustomResourceOptions): RepositoryFile | undefined {
  let last: RepositoryFile | undefined;
  for (const { path, content, over = false } of files) {
    last = new RepositoryFile(
      `${name}-file/${path}`,
      { repository, file: path, content, overwriteOnCreate: fresh || over },
      // The one before, not all: after a failure the engine walks every path from a resource to what it depends on.
      { ...opts, ...(last && { dependsOn: last }), ...(theirs && { ignoreChanges: ["content", "overwriteOnCreate", ...(made ? ["repository"] : [])], retainOnDelete: true }) },
    );
  }
  return last;
}
