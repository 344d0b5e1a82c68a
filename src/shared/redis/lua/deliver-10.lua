--[[
  Hands a sealed configuration to the process that PostgreSQL has assigned, and wakes it. Safe to repeat.
  KEYS: 1 bot_status, 2 pool:waiting, 3 bot_config, 4 bot_wake, 5 pool:events, 6-10 pool:beats by state
  ARGV: 1 container, 2 boot id, 3 activation id, 4 client id, 5 fence, 6 sealed configuration, 7 config TTL in ms, 8 status TTL in ms
  Returns: 'delivered', 'taken' (this activation already runs there), 'gone' (no such process), 'busy' (it serves another activation).
  Invariant: a process that serves one activation is never handed another.
]]
-- @include include-now
-- @include include-event
-- @include include-move-state
local known = redis.call('GET', KEYS[1])
if not known then return 'gone' end
local status = cjson.decode(known)
if status.boot_id ~= ARGV[2] then return 'gone' end
if status.status ~= 'waiting' then
  if status.activation_id ~= ARGV[3] then return 'busy' end
  if status.status ~= 'activating' then return 'taken' end
  if redis.call('EXISTS', KEYS[3]) == 1 then
    -- Not taken yet: its wake-up may have been lost on a broken connection.
    if redis.call('EXISTS', KEYS[4]) == 0 then
      redis.call('RPUSH', KEYS[4], 'config')
      redis.call('PEXPIRE', KEYS[4], ARGV[7])
    end
    return 'taken'
  end
end
local now = now_ms()
status.status = 'activating'
status.since = now
status.activation_id = ARGV[3]
status.client_id = ARGV[4]
status.fence = tonumber(ARGV[5])
redis.call('SET', KEYS[1], cjson.encode(status), 'PX', ARGV[8])
redis.call('ZREM', KEYS[2], ARGV[1])
move_state(6, ARGV[1], 'activating', now)
redis.call('SET', KEYS[3], ARGV[6], 'PX', ARGV[7])
redis.call('RPUSH', KEYS[4], 'config')
redis.call('PEXPIRE', KEYS[4], ARGV[7])
event(KEYS[5], { 'type', 'delivered', 'container', ARGV[1], 'boot_id', ARGV[2], 'activation_id', ARGV[3], 'client_id', ARGV[4] })
return 'delivered'
