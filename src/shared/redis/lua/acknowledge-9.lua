--[[
  The process tells how its activation ended: it serves the client, or it failed with a code.
  KEYS: 1 bot_status, 2 pool:waiting, 3 bot_config, 4 pool:events, 5-9 pool:beats by state
  ARGV: 1 container, 2 boot id, 3 activation id, 4 outcome ('active' or an error code), 5 details (JSON object: username, stages or data), 6 status TTL in ms
  Returns: 'ok', or 'superseded' when this process or this activation is not the one that holds.
]]
-- @include include-now
-- @include include-event
-- @include include-move-state
local known = redis.call('GET', KEYS[1])
if not known then return 'unknown' end
local status = cjson.decode(known)
if status.boot_id ~= ARGV[2] or status.activation_id ~= ARGV[3] then return 'superseded' end
local now = now_ms()
local state = ARGV[4] == 'active' and 'active' or 'failed'
status.status = state
status.since = now
status.outcome = ARGV[4]
status.details = cjson.decode(ARGV[5])
redis.call('SET', KEYS[1], cjson.encode(status), 'PX', ARGV[6])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
move_state(5, ARGV[1], state, now)
event(KEYS[4], { 'type', state, 'container', ARGV[1], 'boot_id', ARGV[2], 'activation_id', ARGV[3],
  'client_id', status.client_id or '', 'outcome', ARGV[4], 'details', ARGV[5] })
return 'ok'
