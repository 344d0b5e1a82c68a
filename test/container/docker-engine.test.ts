/** The Docker engine, held to what every engine must do. */
import { engineConformance } from '#main/engine/conformance.ts';
import { testEngine } from '../support/docker-world.ts';

engineConformance('docker', () => testEngine());
