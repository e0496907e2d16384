"""Training: how the builtin model is made, and how it goes on learning.

    pairs ─plant→ texts with hints, holes, tags ─pieces→ rows ─batches→ Learner ─→ weights ─folder→ a CTranslate2 model
    posts' approved segments ─────────────────────→ rows ─tune→ weights that learnt them ─→ the same

The home of torch: nothing outside imports these modules at its top, so that nobody needs PyTorch but to train.
"""
