/** What the processes of `nas.ts` load: small CNNs on random images, since only the time counts. */
import { data, nas, tf } from "nablab";

const { smallCnn } = nas;

export function evaluator({ examples }: { examples: number }): nas.Evaluator<nas.SmallCnn> {
  const images = data.examples(
    tf.randomUniform([examples, 32, 32, 3], 0, 1, "float32", 1),
    tf.tensor1d(
      Array.from({ length: examples }, (_, i) => i % 10),
      "int32",
    ),
  );
  const trainer = nas.candidateTrainer<nas.SmallCnn>({
    model: (genotype, { seed }) => nas.toModel(smallCnn(genotype), { inputShape: [32, 32, 3], seed }),
    data: images,
    epochs: 1,
    batchSize: 64,
  });
  images.dispose();
  return trainer;
}
