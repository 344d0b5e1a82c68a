--[[
  A process leaves its place: it drains before its exit, or it is gone.
  KEYS: 1 bot_status, 2 pool:bots, 3 pool:waiting, 4 pool:events, 5 bot_config, 6 bot_wake, 7-11 pool:beats by state
  ARGV: 1 container, 2 boot id, 3 'draining' or 'gone', 4 reason, 5 status TTL in ms
  Returns: 'ok' or 'superseded' (another process has this name; nothing was changed).
]]
-- @include include-now
-- @include include-event
-- @include include-move-state
local known = redis.call('GET', KEYS[1])
local status = known and cjson.decode(known) or {}
if known and status.boot_id ~= ARGV[2] then return 'superseded' end
redis.call('ZREM', KEYS[3], ARGV[1])
if ARGV[3] == 'draining' and known then
  local now = now_ms()
  status.status = 'draining'
  status.since = now
  redis.call('SET', KEYS[1], cjson.encode(status), 'PX', ARGV[5])
  move_state(7, ARGV[1], 'draining', now)
else
  redis.call('DEL', KEYS[1], KEYS[5], KEYS[6])
  redis.call('SREM', KEYS[2], ARGV[1])
  move_state(7, ARGV[1], 'gone', 0)
end
event(KEYS[4], { 'type', ARGV[3], 'container', ARGV[1], 'boot_id', ARGV[2], 'reason', ARGV[4],
  'client_id', status.client_id or '', 'activation_id', status.activation_id or '' })
return 'ok'
