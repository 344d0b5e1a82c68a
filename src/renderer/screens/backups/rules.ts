/** The words for the rules by which a backup stays. Pure. */
import type { MessageKey } from '../../i18n/keys.generated.ts';

const RULES: Readonly<Record<string, MessageKey>> = {
  last: 'retention-rule-last',
  hourly: 'retention-rule-hourly',
  daily: 'retention-rule-daily',
  weekly: 'retention-rule-weekly',
  monthly: 'retention-rule-monthly',
  yearly: 'retention-rule-yearly',
  newest: 'retention-rule-newest',
  running: 'retention-rule-running',
  pinned: 'retention-rule-pinned',
  safety: 'retention-rule-safety',
  failed: 'retention-rule-failed',
  unproven: 'retention-rule-unproven',
};

/** See the file. A rule that has no words yet is one of the newest: that is the least it says. */
export function ruleKey(rule: string): MessageKey {
  return RULES[rule] ?? 'retention-rule-last';
}
