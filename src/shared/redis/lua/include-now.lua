-- Milliseconds by the clock of Redis: clients' clocks are not believed.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
