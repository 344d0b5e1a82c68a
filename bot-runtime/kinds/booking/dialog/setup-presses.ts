/** Owns which feature the buttons of the set-up reach, and which right each needs. */
import { showLog } from '../features/owner-audit.ts';
import { ownerMenu } from '../features/owner-menu.ts';
import { askServiceField, dropServicePhoto, editService, moveInList } from '../features/owner-services.ts';
import { askSetting, resetSetting, showSettings } from '../features/owner-settings.ts';
import {
  askStaffField,
  askStaffName,
  dropStaffDate,
  editStaff,
  listStaff,
  showStaffDates,
  showStaffServices,
  switchStaff,
  switchStaffService,
} from '../features/owner-staff.ts';
import { askOwnText, resetOwnText, saveOwnText, showTexts } from '../features/owner-texts.ts';
import {
  askRemoveAdmin,
  changeRight,
  changeRole,
  dropInvitation,
  makeInvitation,
  sendAway,
  showAdmin,
  showTeam,
} from '../features/team.ts';
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
  staffList: (turn) => listStaff(turn),
  addStaff: askStaffName,
  editStaff: (turn, { staff }) => editStaff(turn, staff),
  staffField: (turn, { staff, field }) => askStaffField(turn, staff, field),
  staffServices: (turn, { staff }) => showStaffServices(turn, staff),
  staffService: (turn, { staff, service, on }) => switchStaffService(turn, staff, service, on === 1),
  staffActive: (turn, { staff, active }) => switchStaff(turn, staff, active === 1),
  staffDates: (turn, { staff }) => showStaffDates(turn, staff),
  dropStaffDate: (turn, { staff, date }) => dropStaffDate(turn, staff, date),
  team: (turn) => showTeam(turn),
  invite: (turn, { role, staff }) => makeInvitation(turn, role, staff),
  revokeInvite: (turn, { invitation }) => dropInvitation(turn, invitation),
  adminCard: (turn, { admin }) => showAdmin(turn, admin),
  adminRole: (turn, { admin, role }) => changeRole(turn, admin, role),
  adminRight: (turn, { admin, right, on }) => changeRight(turn, admin, right, on === 1),
  askRemoveAdmin: (turn, { admin }) => askRemoveAdmin(turn, admin),
  removeAdmin: (turn, { admin }) => sendAway(turn, admin),
  settings: (turn) => showSettings(turn),
  setting: (turn, { setting }) => askSetting(turn, setting),
  settingDefault: (turn, { setting }) => resetSetting(turn, setting),
  ownTexts: (turn) => showTexts(turn),
  ownText: (turn, { text, locale }) => askOwnText(turn, text, locale),
  resetText: (turn, { text, locale }) => resetOwnText(turn, text, locale),
  saveText: (turn, { question }) => saveOwnText(turn, question),
  log: (turn, { page }) => showLog(turn, page),
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
  staffList: 'setup',
  addStaff: 'setup',
  editStaff: 'setup',
  staffField: 'setup',
  staffServices: 'setup',
  staffService: 'setup',
  staffActive: 'setup',
  staffDates: 'setup',
  dropStaffDate: 'setup',
  team: 'roles',
  invite: 'roles',
  revokeInvite: 'roles',
  adminCard: 'roles',
  adminRole: 'roles',
  adminRight: 'roles',
  askRemoveAdmin: 'roles',
  removeAdmin: 'roles',
  settings: 'setup',
  setting: 'setup',
  settingDefault: 'setup',
  ownTexts: 'texts',
  ownText: 'texts',
  resetText: 'texts',
  saveText: 'texts',
  log: 'audit',
};
