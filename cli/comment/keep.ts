/** One comment of a key on a pull request: made once, then kept up to date. */
import { Failure } from "../arguments.ts";

export interface Comment {
  /** How the service finds it again. */
  id: string;
  author: string | undefined;
  body: string;
}

/** A pull request's comments at some service. Each function throws a {@link Failure} that says what to do. */
export interface Thread {
  /** Characters that the service takes. */
  limit: number;
  /** Who the token is, as `author` of a comment has it. */
  self(): Promise<string>;
  comments(): AsyncIterable<Comment>;
  create(body: string): Promise<void>;
  update(id: string, body: string): Promise<void>;
}

/** The token may not do it: exit code 3, which a pipeline for pull requests from forks may let pass. */
export class NotAllowed extends Failure {}

/**
 * The first line of every comment, which no renderer of CommonMark shows: a link's definition that nothing refers to. An
 * HTML comment would do at GitHub too, but Azure Repos does not promise to hide one.
 */
export const marker = (key: string): string => `[//]: # (mooring:${key})`;

/**
 * Makes the comment or updates it. Only a comment of the token's own author counts: anybody can write the marker, and
 * only a comment's first line counts: the body may quote what somebody wrote.
 */
export async function keep(thread: Thread, key: string, body: string): Promise<"made" | "updated" | "unchanged"> {
  const text = `${marker(key)}\n\n${body.trim()}\n`;
  if (text.length > thread.limit) throw new Failure(`the comment has ${text.length} characters and ${thread.limit} is the most; shorten the body`);
  const own = await find(thread, marker(key));
  if (own === undefined) await thread.create(text);
  else if (lines(own.body) === lines(text)) return "unchanged";
  else await thread.update(own.id, text);
  return own === undefined ? "made" : "updated";
}

async function find(thread: Thread, mark: string): Promise<Comment | undefined> {
  const self = await thread.self();
  for await (const comment of thread.comments()) {
    if (comment.author === self && lines(comment.body).split("\n")[0] === mark) return comment;
  }
  return undefined;
}

/** Services may keep line ends of their own, and leave out blank ends. */
const lines = (body: string): string => body.replaceAll("\r\n", "\n").trim();
