/** What the API says of the simulated outside world: who lives in it, what they write, and what is broken in it. */
import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import {
  botViewSchema,
  botWithTokenSchema,
  chatViewSchema,
  faultPatchSchema,
  faultViewSchema,
  newBotSchema,
  newPersonSchema,
  nextCallFaultSchema,
  payInvoiceResultSchema,
  personViewSchema,
  pressResultSchema,
} from '../schemas/sandbox.ts';
import { procedure } from './failure.ts';

/** One person's chat with one bot. */
const chatOf = z.object({ botId: z.number().int(), personId: z.number().int() });

/** Something a person does; the chat's stream shows what came of it. */
const done = z.object({ done: z.literal(true) });

/** The simulated outside world. Every procedure but `info` fails with `unsupported` where the real one is used. */
export const sandboxContract = {
  /** Where the simulated world listens; null when the real one is used. */
  info: procedure.read.output(z.object({ url: z.string().nullable() })),
  people: procedure.read.output(z.array(personViewSchema)),
  addPerson: procedure.operate.input(newPersonSchema).output(personViewSchema),
  bots: procedure.read.output(z.array(botViewSchema)),
  /** The token is told here and never again. */
  addBot: procedure.operate.input(newBotSchema).output(botWithTokenSchema),
  /** The token of a bot of the simulated world: it opens nothing outside of it. */
  token: procedure.operate.input(z.object({ botId: z.number().int() })).output(z.object({ token: z.string() })),
  /** A chat now and after every change. */
  chat: procedure.read.input(chatOf).output(eventIterator(chatViewSchema)),
  start: procedure.operate.input(chatOf.extend({ payload: z.string().max(64).optional() })).output(done),
  say: procedure.operate.input(chatOf.extend({ text: z.string().min(1).max(4096) })).output(done),
  /** Presses a button under a message and waits for what the bot says to it. */
  press: procedure.operate
    .input(chatOf.extend({ messageId: z.number().int(), data: z.string().optional(), text: z.string().optional() }))
    .output(pressResultSchema),
  /** Presses a button of the keyboard below the chat. */
  pressKey: procedure.operate.input(chatOf.extend({ text: z.string().min(1) })).output(done),
  /** Sends a generated sample. */
  send: procedure.operate.input(chatOf.extend({ kind: z.enum(['photo', 'voice', 'document']) })).output(done),
  pay: procedure.operate.input(chatOf.extend({ messageId: z.number().int() })).output(payInvoiceResultSchema),
  block: procedure.operate.input(chatOf.extend({ blocked: z.boolean() })).output(done),
  faults: procedure.read.output(faultViewSchema),
  setFaults: procedure.operate.input(faultPatchSchema).output(faultViewSchema),
  failNext: procedure.operate.input(nextCallFaultSchema).output(faultViewSchema),
  clearFaults: procedure.operate.output(faultViewSchema),
};
