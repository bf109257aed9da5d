package dev.thimble.op;

/** An op that carries something from frame to frame, within a run or from one run to the next. */
public sealed interface RecurrentOp extends SingleOutputOp
    permits Gru, Rnn, SvdfMemory, SvdfOutput {}
