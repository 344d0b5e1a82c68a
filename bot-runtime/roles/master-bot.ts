/** Entry of the Master Bot's process. */
import { masterKind } from '#bot-runtime/master/index.ts';
import { parseServiceConfig } from '#bot-runtime/runtime/service-config.ts';
import { runServiceProcess } from '#bot-runtime/runtime/service-process.ts';

runServiceProcess(process.env, masterKind(parseServiceConfig(process.env)));
