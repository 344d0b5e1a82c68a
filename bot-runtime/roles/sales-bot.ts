/** Entry of the Sales Bot's process. */
import { parseServiceConfig } from '#bot-runtime/runtime/service-config.ts';
import { runServiceProcess } from '#bot-runtime/runtime/service-process.ts';
import { salesKind } from '#bot-runtime/sales/index.ts';

runServiceProcess(process.env, salesKind(parseServiceConfig(process.env)));
