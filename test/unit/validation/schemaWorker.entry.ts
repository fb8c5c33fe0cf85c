/** The worker of the schema validator as a program of its own, for the tests. */
import '../../../src/validation/schemaWorker';
