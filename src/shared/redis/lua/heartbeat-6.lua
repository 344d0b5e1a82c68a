--[[
  A process says that it lives and how it is.
  KEYS: 1 bot_status, 2-6 pool:beats by state
  ARGV: 1 container, 2 boot id, 3 health (JSON object), 4 status TTL in ms
  Returns: the state that holds, 'unknown' (nothing is known: register again) or 'superseded' (another process has this name).
]]
-- @include include-now
-- @include include-move-state
local known = redis.call('GET', KEYS[1])
if not known then return 'unknown' end
local status = cjson.decode(known)
if status.boot_id ~= ARGV[2] then return 'superseded' end
status.health = cjson.decode(ARGV[3])
redis.call('SET', KEYS[1], cjson.encode(status), 'PX', ARGV[4])
move_state(2, ARGV[1], status.status, now_ms())
return status.status
