/** What an operator wants of a tenant, and how far an activation has come. */

/** Desired state of a tenant. `deleted` is final; its client id is never given out again. */
export const TENANT_STATES = ['active', 'suspended', 'deleted'] as const;

/** See {@link TENANT_STATES}. */
export type TenantState = (typeof TENANT_STATES)[number];

/** `claimed`: a bot is taken. `active`: it serves. `ended`: it served and stopped. `failed`: it never served. */
export const ACTIVATION_STATES = ['claimed', 'active', 'ended', 'failed'] as const;

/** The stages of an activation, in order, as they appear in timings. */
export const ACTIVATION_STAGES = [
  'claimed',
  'prepared',
  'delivered',
  'verified',
  'leased',
  'storage',
  'polling',
] as const;

/** See {@link ACTIVATION_STAGES}. */
export type ActivationStage = (typeof ACTIVATION_STAGES)[number];
