/** Words for RandomPet: a short list of the stand-in's own. */
export const adverbs = ["barely", "boldly", "calmly", "clearly", "deeply", "fairly", "firmly", "freely", "gently", "gladly", "kindly", "lightly", "neatly", "openly", "quickly", "rarely"];
export const adjectives = ["able", "amber", "brave", "bright", "calm", "clever", "crisp", "eager", "fair", "fresh", "glad", "keen", "loyal", "merry", "noble", "proud"];
export const animals = ["badger", "bison", "crane", "dingo", "eagle", "ferret", "gecko", "heron", "ibex", "jackal", "koala", "lemur", "marten", "otter", "puffin", "raven"];
