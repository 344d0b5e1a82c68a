--[[
  A process announces itself, at its start and after every reconnect, with its true state.
  KEYS: 1 bot_status, 2 pool:bots, 3 pool:waiting, 4 pool:events, 5-9 pool:beats by state
  ARGV: 1 container, 2 state ('waiting', 'activating' or 'active'), 3 facts (JSON object with boot_id and public_key), 4 status TTL in ms
  Returns: the state that holds now: the one announced, or, for this very process, the one that it had reached already.
  Invariant: a process only goes forward. A claim that was delivered to it, its service and its end are never forgotten
  by its own registration; only a Redis that lost what it knew is told a later state.
]]
-- @include include-now
-- @include include-event
-- @include include-move-state
local ORDER = { waiting = 1, activating = 2, active = 3, failed = 4, draining = 5 }
local container, state, facts = ARGV[1], ARGV[2], cjson.decode(ARGV[3])
local now = now_ms()
local known = redis.call('GET', KEYS[1])
if known then
  local status = cjson.decode(known)
  local same = status.boot_id == facts.boot_id
  if same and ORDER[status.status] > ORDER[state] then
    redis.call('SADD', KEYS[2], container)
    redis.call('ZREM', KEYS[3], container)
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
    move_state(5, container, status.status, now)
    return status.status
  end
  if same and status.status == state then facts.since = status.since end
end
facts.status = state
facts.since = facts.since or now
redis.call('SET', KEYS[1], cjson.encode(facts), 'PX', ARGV[4])
redis.call('SADD', KEYS[2], container)
move_state(5, container, state, now)
if state == 'waiting' then
  redis.call('ZADD', KEYS[3], facts.since, container)
else
  redis.call('ZREM', KEYS[3], container)
end
event(KEYS[4], { 'type', 'registered', 'container', container, 'boot_id', facts.boot_id, 'state', state,
  'client_id', facts.client_id or '', 'activation_id', facts.activation_id or '' })
return state
