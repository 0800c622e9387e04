/** Compiles the serializer of a reply when the first such reply is sent: a server has many, and starts without them. */
import {
  SerializerSelector,
  type Serializer,
  type SerializerFactory,
} from "@fastify/fast-json-stringify-compiler";

/** For Fastify's `schemaController`. */
export const lazySerializers: SerializerFactory = (externalSchemas, options) => {
  const compile = SerializerSelector()(externalSchemas, options);
  return (route) => {
    let serialize: Serializer | undefined;
    return (reply) => (serialize ??= compile(route))(reply);
  };
};
