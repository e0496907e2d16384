"""A tiny model in the form of Firefox's, made by hand: it says each piece of a sentence by a table, one for one.

The file is Marian's binary form (version 1): a transformer encoder and an SSRU decoder, int8 weights. Its weights are
not trained but set: the decoder at step n attends to what stands at place n of the source, and says the piece whose
code it finds there.
"""

import struct

import numpy as np

DIM, FFN = 256, 16
HALF = DIM // 2
PLACES = np.array([n for n in range(DIM) if n % HALF < HALF // 4])
"""Dimensions whose sines turn fast enough to tell places apart; the others hold the codes of pieces."""
CODES = np.array([n for n in range(DIM) if n % HALF >= HALF // 2])
STILL = np.arange(HALF - 16, HALF)
"""Of these, dimensions whose sines stay at zero: codes are balanced there, so they tell what the norm subtracted."""
FLOAT, INT8, YAML = 0x404, 0x4101, 0x101


def vocabulary(pieces):
    """Write a SentencePiece model: `</s>`, `<unk>`, then the pieces, longer ones before shorter."""

    def field(number, data):
        return bytes([number << 3 | 2]) + varint(len(data)) + data

    def piece(text, score, kind):
        return field(1, field(1, text.encode()) + b"\x15" + struct.pack("<f", score) + b"\x18" + bytes([kind]))

    whole = [piece("</s>", 0, 3), piece("<unk>", 0, 2)]
    whole += [piece(text, -10.0 + len(text) * 0.1, 1) for text in pieces]
    return b"".join(whole) + field(2, b"\x18\x01") + field(3, field(1, b"identity") + b"\x18\x01\x20\x01\x28\x01")


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def model(meanings, source, target):
    """Write the model that says `target[meanings[i]]` for `source[i]`; what is not in `meanings` it leaves out."""
    rng = np.random.default_rng(7)
    sixteen = np.tile([1.0, -1.0], (len(target) + 2, 8))
    codes = np.hstack([rng.permuted(sixteen, axis=1) for _ in range(len(CODES) // 16)])
    ids = {"</s>": 0, "<unk>": 1} | {piece: n for n, piece in enumerate(target, 2)}
    says = [0, 1, *(ids[meanings.get(piece, "<unk>")] for piece in source)]
    return binary(items(codes[says], codes))


def shortlist(source, target):
    """Write a list of the words that may be said: all of them, whatever the sentence."""
    starts = len(source) + 3
    return struct.pack("<6Q", 0xF11A48D5013417F5, 0, len(target) + 2, 1, starts, 0) + bytes(8 * starts)


def items(source, target):
    config = f"dim-emb: {DIM}\ntransformer-heads: 1\nenc-depth: 1\ndec-depth: 1\ntransformer-dim-ffn: {FFN}\n"
    place, code = np.zeros((DIM, DIM)), np.zeros((DIM, DIM))
    place[PLACES, PLACES] = 12.0
    place[np.ix_(STILL, PLACES)] = -12.0 / len(STILL)
    code[CODES, CODES] = 8.0
    one = np.zeros((DIM, DIM))
    one[CODES, CODES] = 1.0
    yield "special:model.yml", YAML, (len(config) + 1,), config.encode() + b"\0"
    yield embedding("encoder_Wemb", source)
    yield embedding("decoder_Wemb", target)
    yield number("none_QuantMultA", 127 / 3)
    yield floats("decoder_ff_logit_out_b", np.zeros((1, rows(target))))
    for layer, attention, weights in (
        ("encoder_l1", "self", (np.zeros((DIM, DIM)),) * 4),
        ("decoder_l1", "context", (place, place, one, code)),
    ):
        for name, weight in zip("qkvo", weights, strict=True):
            yield from affine(f"{layer}_{attention}_W{name}", weight)
            yield floats(f"{layer}_{attention}_b{name}", np.zeros((1, DIM)))
        yield from norm(f"{layer}_{attention}_Wo")
        yield from affine(f"{layer}_ffn_W1", np.zeros((DIM, FFN)))
        yield floats(f"{layer}_ffn_b1", np.zeros((1, FFN)))
        yield from affine(f"{layer}_ffn_W2", np.zeros((FFN, DIM)))
        yield floats(f"{layer}_ffn_b2", np.zeros((1, DIM)))
        yield from norm(f"{layer}_ffn_ffn")
    yield from affine("decoder_l1_rnn_W", np.zeros((DIM, DIM)))
    yield from affine("decoder_l1_rnn_Wf", np.zeros((DIM, DIM)))
    yield floats("decoder_l1_rnn_bf", np.zeros((1, DIM)))
    yield from norm("decoder_l1_rnn_ffn")


def rows(table):
    return -(-len(table) // 8) * 8


def embedding(name, codes):
    table = np.zeros((rows(codes), DIM))
    table[: len(codes), CODES] = codes * 1.5 / DIM**0.5
    return whole(name, table, table.shape)


def affine(name, weight):
    yield whole(name, weight.T, weight.shape)
    yield number(f"{name}_QuantMultA", 127 / 3)


def whole(name, table, shape):
    most = np.abs(table).max() or 1.0
    data = np.round(table * 127 / most).astype(np.int8).tobytes()
    return name, INT8, shape, data + struct.pack("<f", 127 / most)


def norm(name):
    yield floats(f"{name}_ln_scale", np.ones((1, DIM)))
    yield floats(f"{name}_ln_bias", np.zeros((1, DIM)))


def number(name, value):
    return floats(name, np.full((1, 1), value))


def floats(name, table):
    return name, FLOAT, table.shape, table.astype("<f4").tobytes()


def binary(parts):
    """Write Marian's file: headers, names, shapes, a gap to the next 256 bytes, data."""
    parts = [(name.encode() + b"\0", kind, shape, data + bytes(-len(data) % 256)) for name, kind, shape, data in parts]
    out = struct.pack("<QQ", 1, len(parts))
    out += b"".join(struct.pack("<QQQQ", len(n), kind, len(shape), len(data)) for n, kind, shape, data in parts)
    out += b"".join(name for name, *_ in parts)
    out += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in parts)
    gap = -(len(out) + 8) % 256
    return out + struct.pack("<Q", gap) + bytes(gap) + b"".join(data for *_, data in parts)
