// Drives the exchange's official Node client; prints JSON. Arguments: modules, REST, websocket, key, secret, control.
'use strict'

const path = require('path')
const { createRequire } = require('module')

const [modules, restUrl, wsUrl, apiKey, apiSecret, control] = process.argv.slice(2)
const from = createRequire(path.join(modules, 'bitfinex-api-node', 'index.js'))
const BFX = from('./index.js')
const { Order } = from('bfx-api-node-models')

const rest2 = { url: restUrl.replace(/\/v2$/, ''), transform: true }
const socket = { url: wsUrl, transform: true, manageOrderBooks: true, manageCandles: true, seqAudit: true }

function heard (register) {
  return new Promise((resolve) => register(resolve))
}

async function price (symbol, value) {
  await fetch(`${control}/control/price`, {
    method: 'POST',
    body: JSON.stringify({ symbol, price: value })
  })
}

async function overRest (bfx) {
  const rest = bfx.rest(2, rest2)
  const limit = { type: Order.type.EXCHANGE_LIMIT, symbol: 'tBTCUSD', amount: 0.01, price: 20000, cid: Date.now() }
  const submitted = await rest.submitOrder({ order: new Order(limit) })
  const updated = await rest.updateOrder({ id: submitted.id, price: '20100' })
  const active = await rest.activeOrders()
  const cancelled = await rest.cancelOrder({ id: submitted.id })
  const oco = { ...limit, amount: -0.01, price: 40000, oco: true, priceAuxLimit: 20000 }
  await rest.submitOrder({ order: new Order({ ...oco, cid: Date.now() + 1 }) })
  const legs = await rest.activeOrders()
  const ended = await rest.cancelOrderMulti({ all: 1 })
  const multi = await rest.orderMultiOp({
    ops: [['on', { ...limit, cid: Date.now() + 2, gid: 5 }], ['oc_multi', { gid: [5] }]]
  })
  await rest.submitOrder({ order: new Order({ ...limit, type: Order.type.EXCHANGE_MARKET, cid: Date.now() + 3 }) })
  await rest.submitOrder({ order: new Order({ ...limit, type: Order.type.MARKET, cid: Date.now() + 4 }) })
  let refusal = ''
  try {
    await rest.submitOrder({ order: new Order({ ...limit, amount: 100 }) })
  } catch (error) {
    refusal = `${error.code}: ${error.response}`
  }
  const history = await rest.orderHistory()
  return {
    platform: await rest.status(),
    ticker: (await rest.ticker({ symbol: 'tBTCUSD' })).lastPrice,
    tickers: (await rest.tickers({ symbols: ['tBTCUSD', 'tETHUSD'] })).map((one) => one.symbol),
    past: (await rest.tickersHistory({ symbols: ['tBTCUSD'], limit: 3 })).length,
    candles: (await rest.candles({ timeframe: '1m', symbol: 'tBTCUSD', section: 'hist', query: { limit: 7 } })).length,
    book: (await rest.orderBook({ symbol: 'tBTCUSD', prec: 'P0' })).length,
    trades: (await rest.trades({ symbol: 'tBTCUSD', limit: 3 })).length,
    stats: (await rest.stats({ key: 'pos.size:1m:tBTCUSD:long', context: 'last' })).length,
    average: (await rest.marketAveragePrice({ symbol: 'tBTCUSD', amount: 0.1 })).length,
    derivatives: (await rest.statusMessages({ type: 'deriv', keys: ['ALL'] })).map((one) => one.key),
    symbols: (await rest.symbols()).length,
    futures: await rest.futures(),
    details: (await rest.symbolDetails()).map((one) => one.pair).sort(),
    currencies: (await rest.currencies()).length,
    submitted: [submitted.symbol, submitted.status, submitted.price],
    updated: updated.status,
    active: active.map((one) => [one.id === submitted.id, one.price, one.typePrev]),
    cancelled: cancelled.status,
    legs: legs.map((one) => one.type).sort(),
    ended: ended.notifyInfo.length,
    multi: multi.notifyInfo.map((one) => [one[1], one[6]]),
    refusal,
    history: history.map((one) => one.status.split(' ')[0]),
    ordersById: (await rest.orderHistoryWithIds({ ids: [submitted.id] })).length,
    orderTrades: (await rest.orderTrades({ symbol: 'tBTCUSD', orderId: history[1].id })).length,
    accountTrades: (await rest.accountTrades({ symbol: 'tBTCUSD' })).length,
    wallets: (await rest.wallets()).map((one) => [one.type, one.currency, one.balanceAvailable]),
    walletsThen: (await rest.walletsHistory()).length,
    positions: (await rest.positions()).map((one) => [one.symbol, one.amount, one.marginFundingType]),
    positionsHistory: (await rest.positionsHistory()).length,
    snapshot: (await rest.positionsSnapshot({})).length,
    audit: (await rest.positionsAudit({})).length,
    margin: (await rest.marginInfo({ key: 'base' })) !== null,
    ledgers: (await rest.ledgers({ filters: { ccy: 'USD' } })).length,
    movements: (await rest.movements()).length,
    user: (await rest.userInfo()).id,
    summary: Object.keys(await rest.accountSummary()).length,
    permissions: (await rest.keyPermissions()).map((one) => one.key),
    available: await rest.calcAvailableBalance({ symbol: 'tBTCUSD', dir: 1, rate: 20000, type: 'EXCHANGE' })
  }
}

async function overSocket (bfx) {
  const ws = bfx.ws(2, socket)
  const errors = []
  let rawChecks = 0
  const told = []
  const note = (name) => told.includes(name) || told.push(name)
  ws.on('error', (error) => errors.push(String(error.message || error)))
  ws.onOrderSnapshot({}, () => note('orders'))
  ws.onWalletSnapshot({}, () => note('wallets'))
  ws.onPositionSnapshot({}, () => note('positions'))
  ws.onAccountTradeEntry({}, () => note('te'))
  ws.onAccountTradeUpdate({}, () => note('tu'))
  ws.onOrderClose({}, () => note('closed'))
  ws.onWalletUpdate({}, () => note('wallet'))
  ws.onMarginInfoUpdate({}, () => note('margin'))
  ws.onBalanceInfoUpdate({}, () => note('balance'))
  ws.onTicker({ symbol: 'tBTCUSD' }, () => note('ticker'))
  ws.onTrades({ symbol: 'tBTCUSD' }, () => note('trades'))
  await ws.open()
  await ws.enableSequencing({ audit: true })
  // its promise waits for an echo of this flag alone, which no exchange sends after the first
  void ws.enableFlag(131072)
  const snapshot = heard((resolve) => ws.onOrderSnapshot({}, resolve))
  await ws.auth()
  await snapshot
  await ws.subscribeTicker('tBTCUSD')
  await ws.subscribeTrades('tBTCUSD')
  await ws.subscribeOrderBook('tBTCUSD', 'P0', '25')
  const raw = heard((resolve) => ws.on('cs', (symbol) => symbol === 'tETHUSD' && ++rawChecks === 2 && resolve()))
  await ws.subscribeOrderBook('tETHUSD', 'R0', '25')
  await ws.subscribeCandles('trade:1m:tBTCUSD')
  let checks = 0
  const checked = heard((resolve) => ws.on('cs', (symbol) => {
    if (symbol === 'tBTCUSD' && ++checks === 3) resolve()
  }))
  for (let step = 1; (checks < 3 || rawChecks < 2) && step <= 200; step++) {
    await price('tBTCUSD', 30000 + (step % 9))
    await price('tETHUSD', 2000 + (step % 9))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await Promise.all([checked, raw])
  const limit = { type: Order.type.EXCHANGE_LIMIT, symbol: 'tBTCUSD', amount: 0.01, price: 20000 }
  const order = await ws.submitOrder(new Order({ ...limit, cid: Date.now() }))
  const id = order[0] ?? order.id
  const updated = await ws.updateOrder({ id, price: '20200' })
  await ws.cancelOrder(id)
  const multi = heard((resolve) => ws.onOrderClose({ gid: 6 }, resolve))
  await ws.submitOrderMultiOp([
    ['on', new Order({ ...limit, gid: 6, cid: Date.now() + 1 }).toNewOrderPacket()],
    ['oc_multi', { gid: [6] }]
  ])
  await multi
  const filled = heard((resolve) => ws.onAccountTradeUpdate({}, resolve))
  await ws.submitOrder(new Order({ ...limit, type: Order.type.EXCHANGE_MARKET, cid: Date.now() + 2 }))
  await filled
  // updates of the trade may still come in before the answer; they know nothing of what is free
  const calculated = heard((resolve) =>
    ws.onWalletUpdate({}, (one) => one.balanceAvailable !== null && resolve(one)))
  ws.requestCalc(['wallet_exchange_USD', 'margin_base', 'balance'])
  const wallet = await calculated
  const book = ws.getOB('tBTCUSD')
  const report = {
    errors,
    told: told.sort(),
    checks,
    rawChecks,
    book: [book.bids.length, book.asks.length, book.midPrice() > 0],
    candles: ws.getCandles('trade:1m:tBTCUSD').length,
    updated: Array.isArray(updated) ? updated[16] : updated.price,
    wallet: wallet.balanceAvailable !== null
  }
  await ws.close()
  return report
}

async function main () {
  const bfx = new BFX({ apiKey, apiSecret })
  const report = { rest: await overRest(bfx), socket: await overSocket(bfx) }
  process.stdout.write(JSON.stringify(report))
}

main().then(() => process.exit(0), (error) => {
  process.stderr.write(String(error.stack || error))
  process.exit(1)
})
