/** Owns which feature the buttons of the set-up reach, and which right each needs. */
import { ownerMenu } from '../features/owner-menu.ts';
import { askServiceField, dropServicePhoto, editService, moveInList } from '../features/owner-services.ts';
import { pauseSetup, showStep, showTrade, takePreset, takeUsual, takeZone } from '../features/wizard.ts';
import type { SETUP_SHAPES } from '../keyboards/setup-shapes.ts';
import type { Needs, Presses } from './press-table.ts';

type SetupKind = keyof typeof SETUP_SHAPES;

/** What each button does. */
export const SETUP_PRESSES: Presses<SetupKind> = {
  wizard: (turn, { step }) => showStep(turn, step),
  wizardZone: (turn, { zone }) => takeZone(turn, zone),
  wizardHours: (turn, { preset }) => takePreset(turn, preset),
  wizardTrade: (turn, { trade }) => showTrade(turn, trade),
  wizardService: (turn, { trade, item }) => takeUsual(turn, trade, item),
  wizardLeave: async (turn) => {
    await pauseSetup(turn);
    await ownerMenu(turn);
  },
  editService: (turn, { service }) => editService(turn, service),
  askServiceField: (turn, { service, field }) => askServiceField(turn, service, field),
  moveService: (turn, { service, up }) => moveInList(turn, service, up === 1),
  dropServicePhoto: (turn, { service }) => dropServicePhoto(turn, service),
};

/** What each button needs. */
export const SETUP_NEEDS: Needs<SetupKind> = {
  wizard: 'setup',
  wizardZone: 'setup',
  wizardHours: 'setup',
  wizardTrade: 'setup',
  wizardService: 'setup',
  wizardLeave: 'setup',
  editService: 'setup',
  askServiceField: 'setup',
  moveService: 'setup',
  dropServicePhoto: 'setup',
};
