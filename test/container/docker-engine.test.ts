/** The Docker engine, held to what every engine must do. */
import { describe, inject } from 'vitest';
import { engineConformance } from '#main/engine/conformance.ts';
import { testEngine } from '../support/docker-world.ts';

describe.skipIf(inject('noDocker') !== undefined)('needs a Docker engine', () => {
  engineConformance('docker', () => testEngine());
});
