import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { isTodo, todo, TodoError } from "../../../lib/src/course/todo";

describe("todo", () => {
  it.each<[string, () => unknown]>([
    ["call it", () => todo(1)],
    ["construct it", () => new todo()],
    ["read from it", () => todo.shape],
    ["write to it", () => (todo.x = 1)],
    ["calculate with it", () => 1 + todo],
    ["spread it", () => [...todo]],
    ["write it into a text", () => `${todo}`],
  ])("stops who would %s, in words a learner understands", (_use, use) => {
    expect(use).toThrow(TodoError);
    expect(use).toThrow("yours to write");
  });

  it("can be printed and passed around, so that a cell with a stub runs", async () => {
    expect(inspect({ answer: todo })).toContain("todo");
    expect([todo][0]).toBe(todo);
    expect(typeof todo).toBe("function");
  });

  it("is found within lists and records", () => {
    expect([todo, [1, [todo]], { a: todo }].map(isTodo)).toEqual([true, true, true]);
    expect([undefined, null, 0, [1], { a: 1 }, () => todo].map(isTodo)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
